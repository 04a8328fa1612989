"""What the server decides cannot be given by a client; no public method is open."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..guards import as_service
from .common import AtcudCommon
from .doors import Doors
from .odd_values import OddValues
from .spying import Spying

POISON = {
    "state": "registered",
    "validation_code": "FORGED12",
    "nif": "123456789",
    "environment": "demo",
    "numbered_until": 77,
    "registered_on": "2026-01-01",
    "mismatch": {"differences": {}},
}

SECRETS = {
    "l10n_pt_atcud.connection": {"password"},
    "l10n_pt_atcud.signing": {"authority", "token"},
    "l10n_pt_atcud.signing_key": {"private_key"},
}
# field -> why it may be of another company
EXEMPT = {
    f"l10n_pt_atcud.{name}": "a producer has one for all its companies"
    for name in (
        "connection.client_certificate_id",
        "connection.cipher_certificate_id",
        "signing.client_certificate_id",
    )
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDoors(Doors, Spying, OddValues, AtcudCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env(su=True),
            "atcud_door_manager",
            "account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # === FIELDS === #

    def test_values_of_a_new_series_do_not_come_from_the_client(self):
        series = self.env["l10n_pt_atcud.series"].with_user(self.manager)
        for name, value in POISON.items():
            values = {"journal_id": self.journal.id, "identifier": f"D{len(name)}"}
            with self.subTest("value", field=name), self.assertRaises(UserError):
                series.create({**values, name: value})
            with self.subTest("context", field=name):
                made = series.with_context(**{f"default_{name}": value}).create(values)
                self.assertNotEqual(made[name], value)
                made.unlink()
            with self.subTest("stored default", field=name):
                defaults = self.env["ir.default"].sudo()
                if name != "mismatch":
                    defaults.set(series._name, name, value)
                made = series.create(values)
                self.assertNotEqual(made[name], value)
                made.unlink()
            with self.subTest("import", field=name):
                result = series.load(
                    ["journal_id/.id", "identifier", name],
                    [[str(self.journal.id), "IMPORTED", str(value)]],
                )
                self.assertFalse(result["ids"])

    def test_series_comes_through_its_journal_as_a_draft_only(self):
        journal = self.journal.with_user(self.manager)
        command = Command.create({"identifier": "J", "state": "registered"})
        with self.assertRaises(UserError):
            journal.write({"l10n_pt_atcud_series_ids": [command]})

    def test_state_of_a_series_is_not_written_by_a_manager(self):
        series = self.make_series().with_user(self.manager)
        for name, value in POISON.items():
            with self.subTest(name), self.assertRaises(UserError):
                series.write({name: value})
        series.write({"state": "draft", "sequence": 7})  # as it is
        self.assertEqual(series.sequence, 7)

    def test_copy_of_a_registered_series_is_a_draft(self):
        series = self.registered_series().with_user(self.manager)
        made = series.with_context(default_state="registered").copy(
            {"identifier": "COPY"}
        )
        self.assertEqual(made.state, "draft")
        self.assertFalse(made.validation_code)

    def test_state_of_a_connection_is_not_written_by_an_administrator(self):
        administrator = self.new_administrator()
        connection = self.connection.with_user(administrator)
        for values in ({"state": "active"}, {"nif": "1"}, {"refusal": {"code": "1"}}):
            with self.subTest(values), self.assertRaises(UserError):
                connection.write(values)

    def test_document_does_not_leave_its_series_by_a_value(self):
        draft = self.draft().with_user(self.accountant)
        values = {"l10n_pt_atcud_is_missing": True}, {"l10n_pt_atcud_value": "X-1"}
        for one in values:
            with self.subTest("write", **one), self.assertRaises(UserError):
                draft.write(one)
            with self.subTest("create", **one), self.assertRaises(UserError):
                draft.copy(one)
            with self.subTest("sudo", **one), self.assertRaises(UserError):
                draft.sudo().copy(one)  # incoming mail, portal: values of a user
            defaults = {f"default_{name}": value for name, value in one.items()}
            with self.subTest("context", **one):
                made = draft.sudo().with_context(**defaults).copy()
                self.assertFalse(made.l10n_pt_atcud_is_missing)
                self.assertFalse(made.l10n_pt_atcud_value)

    def test_document_is_not_posted_with_a_forged_code(self):
        self.registered_series()
        draft = self.draft().with_user(self.accountant)
        forged = draft.with_context(default_l10n_pt_atcud_value="FORGED12-1")
        move = forged.copy({"invoice_date": draft.invoice_date})
        move.action_post()
        code = move.l10n_pt_atcud_series_id.validation_code
        self.assertEqual(move.l10n_pt_atcud_value, f"{code}-1")

    def test_value_in_the_context_opens_only_for_services(self):
        draft = self.draft()
        for forged in (True, 1, "_Service", {"x": 1}):
            context = {"l10n_pt_atcud_service": forged}
            with self.subTest(forged), self.assertRaises(UserError):
                draft.with_context(**context).l10n_pt_atcud_is_missing = True
        as_service(draft).l10n_pt_atcud_is_missing = True

    def test_company_keeps_its_connection(self):
        administrator = self.new_administrator()
        company = self.company.with_user(administrator)
        with self.assertRaises(UserError):
            company.l10n_pt_atcud_connection_id = False

    def test_no_technical_field_takes_a_value_of_a_client(self):
        administrator = self.new_administrator()
        env = self.env(user=administrator, context={})
        self.forge(env, self.records())

    # === METHODS === #

    def records(self):
        """Return a record of each model that has public methods."""
        series = self.registered_series()
        move, payment = self.draft(), self.payment()
        wizards = {
            "l10n_pt_atcud.cancel": {
                "res_model": payment._name,
                "res_id": payment.id,
                "reason": "Engano",
            },
            "l10n_pt_atcud.series.close": {"series_id": series.id, "closing": "annul"},
            "l10n_pt_atcud.series.code": {
                "series_id": series.id,
                "validation_code": "ABCD1234",
            },
            "l10n_pt_atcud.series.counter": {
                "series_id": series.id,
                "last_number": 7,
                "reason": "Talão",
            },
            "l10n_pt_atcud.series.import": {"journal_id": self.journal.id},
            "l10n_pt_atcud.series.mismatch": {"series_id": series.id},
            "l10n_pt_atcud.series.next_year": {"year": 2027},
            "l10n_pt_atcud.series.report": {"company_id": self.company.id},
            "l10n_pt_atcud.clock": {},
            "l10n_pt_atcud.verification": {"company_id": self.company.id},
        }
        made = {
            name: self.env[name].with_user(self.manager).create(values)
            for name, values in wizards.items()
        }
        assistants = self.env["l10n_pt_atcud.go_live"].with_user(self.manager)
        action = assistants.with_company(self.company).action_open()
        assistant = assistants.browse(action["res_id"])
        pages = self.env["l10n_pt_atcud.overview"].sudo()
        page = pages.search(pages.action_open()["domain"], limit=1)
        report = made["l10n_pt_atcud.series.report"]
        line = {"report_id": report.id, "series_id": series.id, "move_id": move.id}
        return {
            "account.journal": self.journal,
            "account.move": move,
            "account.payment": payment,
            "l10n_pt_atcud.go_live": assistant,
            "l10n_pt_atcud.go_live.line": assistant.line_ids[0],
            "l10n_pt_atcud.series.report.line": report.line_ids.create(line),
            "l10n_pt_atcud.connection": self.connection,
            "l10n_pt_atcud.signing": self.signing(),
            "l10n_pt_atcud.signing_key": self.signing().key_ids,
            "l10n_pt_atcud.overview": page,
            "l10n_pt_atcud.series": series,
            "res.config.settings": self.env["res.config.settings"].sudo().create({}),
            **made,
        }

    def signing(self):
        """Return how the company would sign, with a key; it is off."""
        signing = self.env["l10n_pt_atcud.signing"].sudo().search([])
        if not signing:
            signing = signing.create({"company_id": self.company.id})
            signing.key_ids._make_fresh(signing)
        return signing

    def payment(self):
        """Return a draft payment of a customer."""
        return self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.company_data["default_journal_bank"].id,
                "amount": 100.0,
            }
        )

    def test_strangers_are_denied_by_every_public_method(self):
        records = self.records()
        self.simulator.requests.clear()
        for name, env in self.strangers().items():
            answers = self.walk(env, records)
            self.assertGreater(len(answers), 40)
            if name == "foreign":  # gets the assistant of the own company
                opened = answers.pop(("l10n_pt_atcud.go_live", "action_open"))
                assistant = records["l10n_pt_atcud.go_live"]
                self.assertNotEqual(opened["res_id"], assistant.id)
            for place, answer in answers.items():
                with self.subTest(name, place=place):
                    self.assertIsInstance(answer, AccessError)
        self.assertFalse(self.simulator.requests)

    def test_hostile_arguments_of_an_accountant_raise_user_errors(self):
        records = self.records()
        env = self.env(user=self.manager, context={})
        self.walk(env, records)

    def test_dialog_shows_nothing_of_other_companies(self):
        series = self.make_series()
        series.sudo().mismatch = {"differences": {"estado": ["A", "N"]}, "used": 9}
        env = self.strangers()["foreign"]
        for model in ("close", "code", "mismatch"):
            dialogs = env[f"l10n_pt_atcud.series.{model}"]
            with self.subTest(model), self.assertRaises(AccessError):
                dialogs.create(
                    {
                        "series_id": series.id,
                        **({"closing": "annul"} if model == "close" else {}),
                        **({"validation_code": "X" * 8} if model == "code" else {}),
                    }
                )
            with self.subTest("onchange", model=model):
                form = Form(dialogs.with_context(default_series_id=series.id))
                self.assertFalse(form.series_id)

    def test_form_shows_nothing_of_other_companies(self):
        env = self.strangers()["foreign"]
        self.peek(env, self.records()["account.move"])

    def test_default_names_nothing_of_other_companies(self):
        self.partner_a.sudo().company_id = self.company
        records = self.records() | {
            "res.partner": self.partner_a,
            "account.journal": self.company_data["default_journal_sale"],
        }
        env = self.strangers()["foreign"]
        self.assertGreater(self.peek_by_defaults(env, records), 5)

    def test_dialog_is_open_to_its_user_only(self):
        dialog = self.records()["l10n_pt_atcud.series.close"]
        other = self.new_user("atcud_other", "account.group_account_manager")
        self.assertFalse(dialog.with_user(other).search([("id", "=", dialog.id)]))
        with self.assertRaises(AccessError):
            dialog.with_user(other).read(["closing"])

    def test_portal_user_reads_no_setting_of_the_company(self):
        env = self.strangers()["portal"]
        names = [name for name in env["res.company"]._fields if "atcud" in name]
        self.assertTrue(names)
        for name in names:
            with self.subTest(name), self.assertRaises(AccessError):
                env["res.company"].browse(env.company.id).read([name])

    # === SECRETS, MESSAGES, FILES === #

    def test_secrets_come_out_in_no_way(self):
        records = self.records()
        planted = self.plant(records)
        self.assertEqual(planted, SECRETS)
        for env in (*self.strangers().values(), *self.insiders().values()):
            self.spy(env, records, planted)

    def test_strangers_get_no_message_and_no_file(self):
        records = self.records()
        for env in self.strangers().values():
            self.overhear(env, records)

    # === COMPANIES AND STORED VALUES === #

    def test_fields_do_not_lead_into_another_company(self):
        self.assertEqual(self.strays(EXEMPT), [])

    def test_no_record_is_locked_by_an_odd_value(self):
        missing = self.spoil(self.records())
        self.assertEqual(missing, {"l10n_pt_atcud.simulator.state"})
