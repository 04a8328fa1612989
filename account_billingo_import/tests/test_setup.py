from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestSetup(BillingoCommon):
    """The way in: company, use, key, journal, first documents as drafts, decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            "newcomer",
            groups="account.group_account_manager,base.group_system",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _setup(self, user=None):
        return self.env["billingo.setup"].with_user(user or self.admin).create({})

    def _until_journal(self, mode="supplier"):
        setup = self._setup()
        setup.action_company_done()
        getattr(setup, f"action_{mode}")()
        is_own = mode != "supplier"
        setup.write(
            {
                "environment": "demo",
                "api_key": KEYS["own_key" if is_own else "supplier_key"],
            }
        )
        setup.action_check_key()
        self.assertEqual(setup.step, "journal", setup.checked_text)
        return setup

    def test_nothing_is_presumed(self):
        setup = self._setup()
        self.assertFalse(setup.mode or setup.environment or setup.journal_id)
        self.assertEqual(setup.step, "company")
        self.assertTrue(setup.is_ready)

    def test_company_names_what_is_missing_and_loads_the_chart(self):
        company = self.env["res.company"].create(
            {
                "name": "Új Kft.",
                "country_id": self.env.ref("base.hu").id,
                "vat": "24318758-2-41",
            }
        )
        self.admin.company_ids |= company
        setup = self._setup()
        setup.company_id = company
        self.assertFalse(setup.is_ready)
        self.assertIn("chart", setup.company_text)
        with self.assertRaises(UserError):
            setup.action_company_done()
        setup.with_context(allowed_company_ids=company.ids).action_load_chart()
        setup.invalidate_recordset()
        self.assertTrue(setup.is_ready, setup.company_text)

    def test_wrong_key_is_explained_and_can_be_replaced(self):
        setup = self._setup()
        setup.action_company_done()
        setup.action_customer()
        with self.assertRaises(UserError):
            setup.action_check_key()
        setup.write({"environment": "demo", "api_key": "wrong"})
        setup.action_check_key()
        self.assertEqual(setup.step, "key")
        self.assertIn("API key", setup.checked_text)
        connection = setup.connection_id
        setup.api_key = KEYS["own_key"]
        setup.action_check_key()
        self.assertEqual((setup.step, setup.connection_id), ("journal", connection))
        self.assertFalse(setup.api_key, "the key stays on the connection alone")

    def test_first_documents_are_drafts_and_posted_by_one_decision(self):
        setup = self._until_journal()
        with self.assertRaises(UserError):
            setup.action_fetch()
        setup.start_date = "2026-01-01"
        setup.action_create_journal()
        self.assertEqual(setup.journal_id.type, "purchase")
        other = setup.account_id.copy({"code": "899997"})
        self.env["billingo.account.rule"].create(
            {"vat_code": "27%", "account_id": other.id}
        )
        setup.action_fetch()
        self.assertEqual(setup.step, "summary", setup.checked_text)
        connection = setup.connection_id
        moves = connection.document_ids.move_id
        self.assertGreater(len(moves), 20)
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertFalse(connection.is_auto_post)
        rows = setup.line_ids
        wanted = moves.line_ids.filtered(
            lambda x: x.display_type in ("product", "tax", "rounding")
        )
        self.assertAlmostEqual(
            sum(rows.mapped("balance")), sum(wanted.mapped("balance")), 2
        )
        self.assertIn(connection.account_id, rows.account_id)
        notes = connection.document_ids.filtered(
            lambda x: x.remark and not x.has_question
        )
        self.assertTrue(notes, "a rule chose an account")
        setup.action_post()
        questions = connection.document_ids.filtered(lambda x: x._is_open())
        self.assertTrue(questions)
        self.assertEqual(
            (connection.document_ids - questions).move_id.mapped("state"),
            ["posted"] * len((connection.document_ids - questions).move_id),
        )
        self.assertNotIn("posted", questions.move_id.mapped("state"))
        self.assertTrue(connection.is_auto_post)

    def test_drafts_can_be_kept(self):
        setup = self._until_journal("customer")
        setup.start_date = "2026-01-01"
        setup.action_create_journal()
        setup.action_fetch()
        setup.action_keep_drafts()
        connection = setup.connection_id
        self.assertEqual(
            set(connection.document_ids.move_id.mapped("state")), {"draft"}
        )
        self.assertFalse(connection.is_auto_post)

    def test_journals_of_several_connections_have_codes_of_their_own(self):
        codes = set()
        for _turn in range(3):
            setup = self._until_journal()
            setup.action_create_journal()
            codes.add(setup.journal_id.code)
        self.assertEqual(len(codes), 3)

    def test_form_opens_at_every_step(self):
        setup = self._until_journal()
        for step in ("company", "use", "key", "journal", "summary"):
            setup.step = step
            self.assertEqual(Form(setup).step, step)

    def test_manager_without_settings_cannot_enter_a_key(self):
        manager = new_test_user(
            self.env,
            "manager",
            groups="account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        setup = self._setup(manager)
        with self.assertRaises(AccessError):
            setup.api_key = "x"
        with self.assertRaises(AccessError):
            self._setup(self.bookkeeper)

    def test_way_in_is_found_before_a_hungarian_company_exists(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        other.account_fiscal_country_id = self.env.ref("base.be")
        user = new_test_user(
            self.env,
            "elsewhere2",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        for name, is_shown in (("setup", True), ("document", False)):
            menu = self.env.ref(f"account_billingo_import.menu_billingo_{name}")
            self.assertEqual(menu.id in menus, is_shown, name)

    def test_way_in_opens_after_the_installation(self):
        todo = self.env.ref("account_billingo_import.todo_billingo_setup")
        action = self.env.ref("account_billingo_import.action_billingo_setup")
        self.assertEqual(todo.action_id.id, action.id)
