from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..billingo_api.simulator import samples
from ..models.billingo_connection import SIMULATOR_URL
from ..uninstall import uninstall_hook
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestConnection(BillingoCommon):
    def test_check_stores_tax_number_and_subscription_end(self):
        answer = self.own.action_check()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertRecordValues(
            self.own,
            [
                {
                    "organization_tax_number": samples.COMPANY.tax_number,
                    "subscription_end": self.own.subscription_end,
                    "error": False,
                }
            ],
        )
        self.assertEqual(str(self.own.subscription_end), "2031-12-31")
        self.assertTrue(self.own.checked_at)

    def test_check_refuses_another_companys_key(self):
        self.own.api_key = KEYS["supplier_key"]
        answer = self.own.action_check()
        self.assertEqual(answer["params"]["type"], "danger")
        self.assertIn(samples.SUPPLIER.tax_number, self.own.error)
        self.own.action_activate()
        self.assertEqual(self.own.state, "draft")

    def test_supplier_connection_accepts_another_companys_key(self):
        self.supplier.action_activate()
        self.assertEqual(self.supplier.state, "active")

    def test_check_with_wrong_key_shows_error(self):
        self.own.api_key = "wrong"
        self.own.action_check()
        self.assertTrue(self.own.error)
        self.assertFalse(self.own.checked_at)
        self.assertNotIn("wrong", self.own.error)

    def test_activation_names_what_is_missing(self):
        self.own.write({"journal_id": False, "start_date": False, "api_key": False})
        with self.assertRaises(UserError) as caught:
            self.own.action_activate()
        for words in ("API key", "issue date", "journal"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(self.own.state, "draft")

    def test_environment_and_use_are_chosen(self):
        new = self.env["billingo.connection"].new()
        self.assertEqual((new.environment, new.mode), (False, False))

    def test_subscription_that_ends_soon_is_shown(self):
        today = fields.Date.today()
        for days, is_shown in ((60, False), (13, True), (-1, True)):
            self.own.subscription_end = today + timedelta(days=days)
            self.assertEqual("subscription" in self.own.alerts, is_shown, days)

    def test_check_finds_missing_read_permission(self):
        self.simulator.on_page(1, "403")
        self.own.action_check()
        self.assertFalse(self.own.checked_at)
        self.assertIn("may not read", self.own.error)

    def test_taxes_are_mapped_from_the_chart(self):
        maps = self.env["billingo.tax.map"]

        def tax(direction, code, title="", group="domestic"):
            return maps._find_tax(self.company, direction, code, title, group)

        self.assertEqual(tax("sale", "27%").amount, 27)
        self.assertEqual(tax("purchase", "5%").type_tax_use, "purchase")
        self.assertEqual(tax("sale", "AAM", "AAM").l10n_hu_tax_type, "AAM")
        self.assertEqual(tax("sale", "EUK", "EAM").l10n_hu_tax_type, "EAM")
        service = tax("sale", "ÁTHK", "EUFAD37", "eu")
        self.assertEqual(service.l10n_hu_tax_type, "EUFAD37")
        self.assertFalse(tax("sale", "ÁTHK", "EUFAD37"), "not within Hungary")
        self.assertEqual(tax("sale", "FAD").l10n_hu_tax_type, "DOMESTIC_REVERSE")
        self.assertFalse(tax("sale", "0%"), "a plain 0 % is never guessed")
        for kind in ("TRAVEL_AGENCY", "SECOND_HAND", "ARTWORK", "ANTIQUES"):
            for direction in ("sale", "purchase"):
                found = tax(direction, "K.AFA", kind)
                self.assertEqual(
                    (found.l10n_hu_tax_type, found.amount, found.type_tax_use),
                    (kind, 0, direction),
                )
        self.assertEqual(tax("sale", "ÁTHK", "EUE").l10n_hu_tax_type, "EUE")
        self.assertFalse(tax("purchase", "ÁTHK", "EUE"), "has to be looked at")

    def test_every_pair_that_billingo_allows_for_sales_is_mapped(self):
        titles = {
            "AAM": ["AAM"],
            "TAM": ["TAM"],
            "EU": ["KBAET"],
            "EUK": ["EAM"],
            "ÁKK": ["ATK"],
            **{
                code: ["AAM", "EAM", "KBAET", "NAM_1", "NAM_2", "TAM"]
                for code in ("0%", "AM", "MAA")
            },
            "ÁTHK": ["EUE", "EUFAD37", "EUFADE", "HO"],
            "K.AFA": ["ANTIQUES", "ARTWORK", "SECOND_HAND", "TRAVEL_AGENCY"],
            **{code: [""] for code in ("27%", "18%", "5%", "F.AFA", "FAD")},
        }
        maps = self.env["billingo.tax.map"]
        for code, entitlements in titles.items():
            for entitlement in entitlements:
                found = [
                    maps._find_tax(self.company, "sale", code, entitlement, group)
                    for group in ("domestic", "eu", "other")
                ]
                self.assertTrue(any(found), (code, entitlement))

    def test_seeding_again_keeps_changed_rows(self):
        maps = self.env["billingo.tax.map"]
        row = maps.search(
            [("company_id", "=", self.company.id), ("vat_code", "=", "27%")], limit=1
        )
        other = row.tax_id.copy({"name": "27% other"})
        row.tax_id = other
        before = maps.search_count([])
        self.env["billingo.own.taxes"]._seed(self.company)
        self.assertEqual(row.tax_id, other)
        self.assertEqual(maps.search_count([]), before)

    def test_only_administrators_can_read_the_key(self):
        manager = new_test_user(
            self.env,
            "manager",
            groups="account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (manager, self.bookkeeper):
            connection = self.own.with_user(user)
            self.assertNotIn("api_key", connection.fields_get())
            with self.assertRaises(AccessError):
                connection.read(["api_key"])
        self.assertFalse(self.own.copy().api_key)

    def test_bookkeeper_may_fetch_and_process_but_not_set_up(self):
        self.own.state = "active"
        connection = self.own.with_user(self.bookkeeper)
        connection.action_fetch()
        documents = connection.document_ids
        self.assertTrue(documents)
        first = self._document(self.own, 1).with_user(self.bookkeeper)
        first.action_process()
        self.assertEqual(first.move_id.state, "posted")
        for method in ("action_check", "action_activate"):
            with self.assertRaises(AccessError):
                getattr(connection, method)()
        with self.assertRaises(AccessError):
            connection.name = "Mine"
        with self.assertRaises(AccessError):
            first.state = "fetched"

    def test_readonly_user_cannot_process(self):
        reader = new_test_user(
            self.env,
            "reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.own.state = "active"
        self.own.action_fetch()
        document = self.own.document_ids[:1].with_user(reader)
        self.assertTrue(document.name)
        for action in (document.action_process, document.action_skip):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            self.own.with_user(reader).action_fetch()

    def test_other_companies_see_nothing(self):
        self.own.action_check()
        self.own.state = "active"
        self.own.action_fetch()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="account.group_account_manager,account.group_account_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in (
            "billingo.block",
            "billingo.connection",
            "billingo.document",
            "billingo.document.reference",
            "billingo.run",
            "billingo.tax.map",
        ):
            self.assertTrue(self.env[model].with_user(self.bookkeeper).search([]))
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.own.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            self.own.document_ids[:1].with_user(stranger).action_process()

    def test_changed_selection_reads_everything_again(self):
        self.own.state = "active"
        self.own.action_fetch()
        self.assertTrue(self.own.fetched_until)
        self.own.has_proformas = True
        self.own.action_fetch()
        [proforma] = self.own.document_ids.filtered(lambda x: x.kind == "proforma")
        self.assertEqual(
            (proforma.state, proforma.skip_reason), ("skipped", "not_booked")
        )

    def test_connection_with_documents_is_not_deleted(self):
        self.own.state = "active"
        self.own.action_fetch()
        with self.assertRaises(UserError):
            self.own.unlink()

    def test_neutralized_copy_is_harmless(self):
        with self.env.cr.savepoint(flush=True):
            path = "account_billingo_import/data/neutralize.sql"
            self.own.write({"environment": "production", "state": "active"})
            parameters = self.env["ir.config_parameter"].sudo()
            parameters.set_param(SIMULATOR_URL, "http://localhost:1")
            self.env.flush_all()
            with file_open(path) as file:
                self.env.cr.execute(file.read())
            self.env.invalidate_all()
        self.assertEqual(self.own.environment, "demo")
        self.assertEqual(self.own.state, "draft")
        self.assertFalse(self.own.api_key)
        self.assertFalse(parameters.get_param(SIMULATOR_URL))

    def test_removal_leaves_no_parameter(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(SIMULATOR_URL, "http://localhost:1")
        parameters.set_param("account_billingo_importer.x", "of another addon")
        uninstall_hook(self.env)
        self.assertFalse(parameters.get_param(SIMULATOR_URL))
        self.assertTrue(parameters.get_param("account_billingo_importer.x"))
