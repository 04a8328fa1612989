"""Demo and Test: marked wherever they are shown, and no trace in real numbers."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..guards import as_service
from .common import AtcudCommon
from .test_printing import LAYOUTS, Footers

MARK = "invented, and this document has no fiscal value"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTrial(Footers, AtcudCommon):
    def setUp(self):
        super().setUp()
        self.use_environment("demo")

    def issued(self, **values):
        invoice = self.draft(**values)
        invoice.action_post()
        return invoice

    def marks(self, move):
        move.invalidate_recordset(["alerts"])
        return [one["message"] for one in (move.alerts or {}).values()]

    def test_demo_is_never_active(self):
        self.assertEqual(self.connection.display_state, "demo")
        self.registered_series()
        self.assertEqual(self.connection.display_state, "demo")
        self.assertEqual(self.connection.state, "active")

    def test_numbers_are_those_of_no_real_series(self):
        demo = self.registered_series()
        self.assertEqual(self.issued().name, "DEMO-FT A2026/1")
        self.assertEqual(self.issued().name, "DEMO-FT A2026/2")
        self.use_environment("production")
        real = self.registered_series()
        self.assertEqual((real.identifier, real.first_number), (demo.identifier, 1))
        invoice = self.issued()
        self.assertEqual(invoice.name, "FT A2026/1")
        self.assertEqual(invoice.l10n_pt_atcud_value, f"{real.validation_code}-1")
        self.assertFalse(invoice.made_sequence_gap)

    def test_drafted_series_follows_the_environment(self):
        self.registered_series("A")
        self.issued()
        waiting = self.make_series("B")
        self.use_environment("production")
        self.assertEqual(waiting.environment, "production")
        # Where the register has the identifier already, a draft stays.
        self.registered_series("C")
        self.use_environment("demo")
        blocked = self.make_series("C")
        self.use_environment("production")
        self.assertEqual(blocked.environment, "demo")

    def test_mark_stays_on_what_was_issued(self):
        self.registered_series()
        draft, invoice = self.draft(), self.issued()
        self.assertIn(MARK, str(self.marks(draft)))
        self.assertIn(MARK, str(self.marks(invoice)))
        self.use_environment("production")
        self.registered_series("B")
        self.assertNotIn(MARK, str(self.marks(draft)))
        self.assertIn(MARK, str(self.marks(invoice)))
        self.assertNotIn(MARK, str(self.marks(self.issued())))
        self.assertIn(MARK, str(self.footers(invoice)))

    def test_every_layout_repeats_the_mark(self):
        self.registered_series()
        invoice, draft = self.issued(), self.draft()
        for layout in LAYOUTS:
            with self.subTest(layout):
                self.company.sudo().external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                for move in (invoice, draft):
                    self.assertEqual(str(self.footers(move)).count(MARK), 1)

    def test_mark_is_in_the_language_of_the_document(self):
        self.registered_series()
        self.env["res.lang"].sudo()._activate_lang("fr_FR")
        self.partner_a.sudo().lang = "fr_FR"
        source = self.issued()._l10n_pt_atcud_mark()
        python = {("l10n_pt_atcud", "fr_FR"): {source: "Sans valeur fiscale"}}
        with patch.object(code_translations, "python_translations", python):
            footer = str(self.footers(self.issued()))
        self.assertIn("Sans valeur fiscale", footer)
        self.assertNotIn(MARK, footer)

    def test_codes_of_the_test_service_are_marked_too(self):
        self.simulated = ("test",)
        self.use_environment("test")
        self.connection.sudo().password = "demo"
        self.registered_series()
        invoice = self.issued()
        self.assertEqual(invoice.name, "TEST-FT A2026/1")
        self.assertIn("comes from AT's test service", str(self.marks(invoice)))

    def test_document_can_be_reset_and_issued_again(self):
        self.registered_series()
        invoice = self.issued()
        invoice.button_draft()
        self.assertFalse(invoice.l10n_pt_atcud_value)
        self.assertFalse(invoice.name)
        invoice.invoice_line_ids.price_unit = 7.0
        self.use_environment("production")
        self.registered_series("REAL")
        invoice.action_post()
        self.assertEqual(invoice.name, "FT REAL/1")
        self.assertNotIn(MARK, str(self.marks(invoice)))

    def test_document_can_be_deleted(self):
        self.registered_series()
        first, last = self.issued(), self.issued()
        cancelled = self.issued()
        cancelled.button_cancel()
        self.assertEqual(cancelled.name, "DEMO-FT A2026/3")
        self.assertTrue(cancelled.l10n_pt_atcud_value)
        (first | last).button_draft()
        (first | last | cancelled).with_user(self.new_administrator()).unlink()
        self.assertFalse((first | last | cancelled).exists())

    def test_payment_goes_with_its_invoice_receipt(self):
        self.registered_series("R2026", "FR")
        bank = self.company_data["default_journal_bank"]
        for door in ("button_draft", "button_cancel"):
            with self.subTest(door):
                invoice = self.issued(
                    l10n_pt_atcud_document_type="FR",
                    l10n_pt_atcud_payment_journal_id=bank.id,
                )
                number, payment = invoice.name, invoice.matched_payment_ids
                self.assertEqual(payment.amount, invoice.amount_total)
                getattr(invoice, door)()
                self.assertEqual(payment.state, "canceled")
                self.assertIn(number, payment.message_ids[0].body)
        invoice = self.issued(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=bank.id,
        )
        invoice.button_draft()
        invoice.action_post()
        standing = invoice.matched_payment_ids.filtered(lambda x: x.state != "canceled")
        self.assertEqual(standing.amount, invoice.amount_total)

    def test_payments_of_other_documents_stay(self):
        self.registered_series()
        invoice = self.issued()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = register.create({})._create_payments()
        invoice.button_draft()
        self.assertNotIn(payment.state, ("canceled", "rejected"))

    def test_real_documents_are_not_deleted(self):
        self.use_environment("production")
        self.registered_series()
        invoice = self.issued()
        self.cancel_issued(invoice)
        with self.assertRaises(UserError):
            invoice.with_user(self.new_administrator()).unlink()

    def test_series_are_hidden_while_another_environment_is_in_use(self):
        demo, archived = self.registered_series("A"), self.registered_series("B")
        archived.active = False
        self.use_environment("production")
        series = self.env["l10n_pt_atcud.series"]
        self.assertFalse(demo.active)
        self.assertNotIn(demo, series.search([]))
        self.assertNotIn(demo, self.journal.l10n_pt_atcud_series_ids)
        real = self.registered_series("A")
        found = series.name_search("A")
        self.assertEqual([number for number, _name in found], real.ids)
        self.use_environment("demo")
        self.assertTrue(demo.active)
        self.assertTrue(real.active)
        self.assertFalse(archived.active)

    def test_journal_says_what_its_codes_are_worth(self):
        self.assertIn("invents", self.journal.l10n_pt_atcud_notice)
        self.use_environment("production")
        self.journal.invalidate_recordset(["l10n_pt_atcud_notice"])
        self.assertFalse(self.journal.l10n_pt_atcud_notice)
        as_service(self.company.sudo()).l10n_pt_atcud_connection_id = False
        self.connection.sudo().unlink()
        self.journal.invalidate_recordset(["l10n_pt_atcud_notice"])
        self.assertIn("No environment", self.journal.l10n_pt_atcud_notice)
