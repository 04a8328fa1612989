from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_documents import DocumentsCommon

EPI = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"


@tagged("post_install", "-at_install")
class TestSettlements(DocumentsCommon):
    """A document says what was paid, and asks for the rest: both formats and paper."""

    def _sold(self, price=100, **values):
        self._dress_buyer("FI", "FI")
        tax = self.taxes["FI"]["standard"]
        line = {"name": "Snow", "price_unit": price, "tax_ids": [Command.set(tax.ids)]}
        return self._sale(
            "FI", "standard", invoice_line_ids=[Command.create(line)], **values
        )

    def _pay(self, move, amount, **values):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return wizard.create({"amount": amount, **values})._create_payments()

    def _credit_part(self, move, price):
        note = self._sold(price, move_type="out_refund", reversed_entry_id=move.id)
        self._reconcile(move, note)
        return note

    def _reconcile(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _entry(self, move, amount, account):
        """Post an entry that takes an amount off what a customer owes."""
        receivable = move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).account_id
        rows = [
            {"account_id": account.id, "debit": amount},
            {
                "account_id": receivable.id,
                "credit": amount,
                "partner_id": move.commercial_partner_id.id,
            },
        ]
        entry = self.env["account.move"].create(
            {"date": "2026-03-05", "line_ids": [Command.create(row) for row in rows]}
        )
        entry.action_post()
        self._reconcile(move, entry)
        return entry

    def _said(self, move):
        """Return what both formats and the paper say: paid, and to be paid."""
        totals = self._ubl(move).find("{*}LegalMonetaryTotal")
        finvoice, printed = self._finvoice(move), self._printed(move)
        found = [
            (
                totals.findtext("{*}PrepaidAmount"),
                totals.findtext("{*}PayableAmount"),
            ),
            (
                finvoice.findtext("InvoiceDetails/InvoicePaidAmount"),
                finvoice.findtext(EPI),
            ),
        ]
        numbers = {
            tuple(Decimal((text or "0").replace(",", ".")) for text in pair)
            for pair in found
        }
        self.assertEqual(len(numbers), 1, found)
        paid, due = numbers.pop()
        _before, is_told, behind = printed.partition("Amount Due")
        self.assertEqual(bool(is_told), bool(paid), printed)
        if is_told:
            self.assertTrue(behind.strip(" $€\xa0").startswith(f"{due:.2f}"), behind)
        return f"{paid:.2f}", f"{due:.2f}"

    # === CREDIT NOTES === #

    def test_credit_note_that_is_set_off_is_no_payment(self):
        move = self._sold()
        note = self._credit_part(move, 40)
        self.assertEqual((move.amount_residual, note.amount_residual), (75.3, 0))
        self.assertEqual(self._said(move), ("0.00", "125.50"))
        payable = self._ubl(note).findtext(".//{*}PayableAmount")
        self.assertEqual(payable, "50.20")
        self._pay(move, 25.3)
        self.assertEqual(self._said(move), ("25.30", "100.20"))
        self.assertNotIn("Reversed on", self._printed(move))

    def test_credited_invoice_leaves_only_if_somebody_says_so(self):
        move = self._sold()
        self.assertFalse(move.maventa_has_set_off)
        note = self._credit(move)
        self._assert_refused(move, "is credited, so that nothing is to be paid")
        self.assertTrue(move.maventa_has_set_off)
        move.maventa_settled_as = "paid"
        self._assert_refused(move, "is credited, so that nothing is to be paid")
        move.maventa_settled_as = "asked"
        self.assertEqual(self._said(move), ("0.00", "125.50"))
        self._assert_passes(note)

    # === MONEY === #

    def test_money_is_paid_whatever_brought_it(self):
        bank = self.company_data["default_journal_bank"]
        move = self._sold()
        self._pay(move, 20)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "payment_ref": "Snow",
                "amount": 30,
                "date": "2026-03-05",
                "partner_id": move.commercial_partner_id.id,
            }
        )
        _liquidity, suspense, _others = line._seek_for_lines()
        receivable = move.line_ids.filtered(
            lambda row: row.account_type == "asset_receivable"
        )
        suspense.account_id = receivable.account_id
        self._reconcile(move, line.move_id)
        self._entry(move, 10, bank.default_account_id)
        self.assertEqual(move.amount_residual, 65.5)
        self.assertEqual(self._said(move), ("60.00", "65.50"))
        self.assertFalse(move.maventa_has_set_off)

    def test_money_in_another_currency_is_what_it_settles(self):
        currency = self.env.ref("base.SEK")
        currency.active = True
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", currency.id)]).unlink()
        for day, rate in (("2026-03-02", 10), ("2026-03-04", 8)):
            rates.create({"currency_id": currency.id, "name": day, "rate": rate})
        move = self._sold(1000, currency_id=currency.id)
        self._pay(move, 125.5, payment_date="2026-03-04")
        self.assertEqual(move.amount_residual, 1129.5)
        payable = self._ubl(move).findtext(".//{*}PayableAmount")
        self.assertEqual(payable, "1129.50")

    # === NEITHER === #

    def test_write_off_asks_what_it_is(self):
        move = self._sold()
        entry = self._entry(move, 25.5, self.company_data["default_account_expense"])
        self._assert_refused(move, "25.50", entry.name, "tab Other Info")
        self.assertTrue(move.maventa_has_set_off)
        for answer, said in (
            ("paid", ("25.50", "100.00")),
            ("asked", ("0.00", "125.50")),
        ):
            move.with_user(self.accountant).maventa_settled_as = answer
            self.assertEqual(self._said(move), said)
        self._pay(move, 10)
        self.assertFalse(move.maventa_settled_as, "another settlement asks again")

    def test_discount_taken_off_by_a_payment_is_no_money(self):
        move = self._sold()
        self._pay(
            move,
            123,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertFalse(move.amount_residual)
        self._assert_refused(move, "2.50")
        move.maventa_settled_as = "asked"
        self.assertEqual(self._said(move), ("123.00", "2.50"))
        move.maventa_settled_as = "paid"
        self.assertEqual(self._said(move), ("125.50", "0.00"))

    def test_code_to_scan_has_the_amount_that_is_asked_for(self):
        move = self._sold()
        self.assertFalse(move._maventa_asks_otherwise())
        self._pay(move, 25.5)
        self.assertFalse(move._maventa_asks_otherwise())
        self._credit_part(move, 10)
        self.assertTrue(move._maventa_asks_otherwise())
