from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..billingo_api.parsing import parse_document
from .common import BillingoCommon


@tagged("post_install", "-at_install")
class TestCorrections(BillingoCommon):
    """A user corrects partner, date, tax and account, but no amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"
        cls.maps = cls.env["billingo.tax.map"]

    def setUp(self):
        super().setUp()
        self._fetch()

    def _form(self, document):
        action = document.with_user(self.bookkeeper).action_correct()
        wizards = self.env["billingo.correct"].with_user(self.bookkeeper)
        return Form(wizards.with_context(**action["context"]))

    def _tax(self, code):
        return self.maps._find_tax(self.company, "sale", code, "")

    def test_partner_date_tax_and_account_are_corrected(self):
        document = self._document(self.own, 1)
        item = document._raw()["items"][0]
        self._alter(document, items=[item | {"vat": "26%"}])
        document.action_process()
        self.assertEqual(document.error_kind, "tax")
        other = self.company_data["default_account_revenue"].copy({"code": "911999"})
        form = self._form(document)
        self.assertIn("26%", form.problem)
        form.partner_id = self.partner_a
        form.date = "2026-02-17"
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.net_amount, line.vat_amount), (124_600, 33_642))
            self.assertFalse(line.tax_id)
            line.tax_id = self._tax("27%")
            line.account_id = other
        form.save().action_process()
        move = document.move_id
        self.assertEqual((document.state, move.state), ("processed", "posted"))
        self.assertEqual(move.partner_id, self.partner_a)
        self.assertEqual(str(move.date), "2026-02-17")
        self.assertEqual(str(move.invoice_date), document._raw()["invoice_date"])
        line = move.invoice_line_ids
        self.assertEqual((line.account_id, line.tax_ids), (other, self._tax("27%")))
        self.assertEqual((move.amount_total, move.amount_tax), (158_242, 33_642))
        said = "".join(message.body for message in move.message_ids)
        self.assertIn("2026-02-17", said)
        self.assertIn("911999", said)

    def test_dialog_without_changes_corrects_nothing(self):
        document = self._document(self.own, 4)
        self._form(document).save().action_process()
        self.assertEqual(document.state, "processed")
        self.assertFalse(document.corrections)
        lines = document.move_id.invoice_line_ids
        self.assertEqual(lines[0].tax_ids, self._tax("18%"))
        self.assertEqual(lines[1].tax_ids, self._tax("27%"))

    def test_contradicting_amounts_cannot_be_corrected(self):
        document = self._document(self.own, 1)
        self._alter(document, gross_total=158_250)
        form = self._form(document)
        form.partner_id = self.partner_a
        form.save().action_process()
        self.assertEqual((document.state, document.error_kind), ("error", "amounts"))
        self.assertFalse(document.move_id)

    def test_tax_that_does_not_match_the_vat_is_refused(self):
        document = self._document(self.own, 1)
        for code in ("5%", "AAM"):
            form = self._form(document)
            with form.line_ids.edit(0) as line:
                line.tax_id = self._tax(code)
            form.save().action_process()
            self.assertEqual((document.state, document.error_kind), ("error", "tax"))
            self.assertIn("33642", document.error)
            self.assertFalse(document.move_id)
        remedy = document.alerts["error"]["action"]
        self.assertEqual(remedy["res_model"], "billingo.correct")

    def test_tax_cannot_add_vat(self):
        document = self._document(self.own, 5)  # TAM
        form = self._form(document)
        with form.line_ids.edit(0) as line:
            line.tax_id = self._tax("27%")
        form.save().action_process()
        self.assertEqual(document.state, "error")
        self.assertFalse(document.move_id)

    def test_corrected_date_avoids_closed_period(self):
        self.company.sale_lock_date = "2026-01-31"
        document = self._document(self.own, 1)
        document.action_process()
        self.assertEqual(document.error_kind, "period")
        remedy = document.alerts["error"]["action"]
        self.assertEqual(remedy["res_model"], "billingo.correct")
        form = self._form(document)
        form.date = "2026-01-31"
        form.save().action_process()
        self.assertEqual(document.error_kind, "period", "still closed")
        form = self._form(document)
        self.assertEqual(str(form.date), "2026-01-31", "what was chosen stays")
        form.date = "2026-02-01"
        form.save().action_process()
        self.assertEqual(str(document.move_id.date), "2026-02-01")

    def test_changed_data_drops_corrections(self):
        document = self._document(self.own, 1).sudo()
        raw = document._raw()
        document.corrections = {"date": "2026-03-03"}
        client = self.own._client()
        parsed = client.document(document.billingo_id)
        self.env["billingo.document.store"].sudo()._update(document, parsed)
        self.assertTrue(document.corrections)
        self.env["billingo.document.store"].sudo()._update(
            document, parse_document(raw | {"comment": "new"})
        )
        self.assertFalse(document.corrections)

    def test_processed_document_is_not_corrected(self):
        document = self._document(self.own, 1)
        form = self._form(document)
        document.action_process()
        with self.assertRaises(UserError):
            form.save().action_process()

    def test_readonly_user_cannot_correct(self):
        reader = new_test_user(
            self.env,
            "reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self._document(self.own, 1).with_user(reader).action_correct()
