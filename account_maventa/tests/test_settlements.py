from decimal import Decimal
from unittest.mock import patch

from lxml import html
from odoo import Command
from odoo.tests import tagged

from ..models.ir_actions_report import with_e_invoice
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

    def _pay(self, move, amount=None, **values):
        """Pay an amount, or what Odoo proposes for the day."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        values |= {} if amount is None else {"amount": amount}
        return wizard.create(values)._create_payments()

    def _credit_part(self, move, price):
        note = self._sold(price, move_type="out_refund", reversed_entry_id=move.id)
        self._reconcile(move, note)
        return note

    def _reconcile(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.partner_id
                and not line.reconciled
            )
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

    def _sold_with_discount(self, mode="included"):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % of 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": mode,
            }
        )
        return self._sold(invoice_payment_term_id=term.id)

    def _due(self, printed):
        _before, _is_told, behind = printed.partition("Amount Due")
        return behind.strip(" $€\xa0").split()[0]

    def _said(self, move):
        """Return what both formats and the paper say: paid, and to be paid."""
        totals = self._ubl(move).find("{*}LegalMonetaryTotal")
        finvoice, printed = self._finvoice(move), self._printed(move, along=True)
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
        self.assertNotIn("Reversed on", self._printed(move, along=True))

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

    def test_credit_notes_of_another_sale_do_not_credit_this_one(self):
        earlier = self._sold(200)
        self._pay(earlier, 251)
        note = self._credit(earlier)
        move = self._sold(150)
        self._reconcile(move, note)
        self.assertFalse(move.amount_residual)
        self.assertFalse(move.maventa_has_set_off)
        self.assertEqual(self._said(move), ("0.00", "188.25"))

    def test_credited_in_part_and_paid_is_not_credited(self):
        move = self._sold()
        self._credit_part(move, 40)
        self._pay(move, 75.3)
        self.assertFalse(move.amount_residual)
        self.assertEqual(self._said(move), ("75.30", "50.20"))

    # === MONEY === #

    def test_money_of_a_till_is_paid(self):
        receivable = self.company_data["default_account_receivable"]
        # Norway's chart has no account of its own for tills
        for till in (receivable.copy({"code": "179955"}), receivable):
            self.company.account_default_pos_receivable_account_id = till
            move = self._sold()
            self._entry(move, 125.5, till)
            with self.subTest(till.code):
                self.assertFalse(move.maventa_has_set_off)
                self.assertEqual(self._said(move), ("125.50", "0.00"))

    def test_debt_that_another_takes_over_is_no_money(self):
        move = self._sold()
        receivable = self.company_data["default_account_receivable"]
        self._entry(move, 125.5, receivable.copy({"code": "179956"}))
        self._assert_refused(move, "which is no payment")

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

    def test_discount_that_the_invoice_grants_is_settled_with_the_payment(self):
        for mode in ("included", "excluded", "mixed"):
            move = self._sold_with_discount(mode)
            cash = self.env["maventa.document.values"]._cash_discount(move)
            self._pay(move, payment_date="2026-03-05")
            with self.subTest(mode):
                self.assertFalse(move.amount_residual)
                self.assertFalse(move.maventa_has_set_off)
                total = f"{move.amount_total:.2f}"
                self.assertEqual(self._said(move), (total, "0.00"))
                text = f"A cash discount of {cash.amount}"
                for said in (
                    self._ubl(move).findtext("{*}Note"),
                    " ".join(self._free_texts(move)),
                    self._printed(move),
                ):
                    self.assertIn(text, said)

    def test_discount_that_is_late_or_too_much_asks_what_it_is(self):
        account = self.company_data["default_account_expense"].id
        for amount, day in ((122.99, "2026-04-01"), (122.9, "2026-03-05")):
            move = self._sold_with_discount()
            self._pay(
                move,
                amount,
                payment_date=day,
                payment_difference_handling="reconcile",
                writeoff_account_id=account,
            )
            with self.subTest(amount=amount, day=day):
                self.assertFalse(move.amount_residual)
                self._assert_refused(move, "which is no payment")

    # === PAPER === #

    def test_paper_is_that_of_the_books(self):
        """Nobody is asked by paper for what the books have settled."""
        move = self._sold()
        self._entry(move, 5.5, self.company_data["default_account_expense"])
        self._credit_part(move, 40)
        self._pay(move, 69.8)
        self.assertFalse(move.amount_residual)
        printed = self._printed(move)
        self.assertIn("Reversed on", printed)
        self.assertEqual(self._due(printed), "0.00")
        move.maventa_settled_as = "asked"
        self.assertEqual(self._due(self._printed(move)), "0.00")
        self.assertEqual(self._due(self._printed(move, along=True)), "55.70")

    def test_file_that_goes_along_is_printed_as_the_e_invoice(self):
        """So does the *Send* dialog, and the job; an e-mail has the books."""
        moves = self._sold(), self._sold()
        for move in moves:
            self._credit_part(move, 40)
            self._pay(move, 25.3)
        report = self.env.ref("account.account_invoices")
        data = {
            move: {"pdf_report": report, "sending_methods": {method}}
            for move, method in zip(moves, ("maventa", "email"), strict=True)
        }

        def render(reports, _name, res_ids=None, data=None):
            page, _kind = reports._render_qweb_html(report.report_name, res_ids)
            return page, "html"

        kind = self.registry["ir.actions.report"]
        with patch.object(kind, "_pre_render_qweb_pdf", render):
            self.env["account.move.send"]._prepare_invoice_pdf_report(data)
        pages = [data[move]["pdf_attachment_values"]["raw"] for move in moves]
        texts = [
            " ".join(html.fromstring(page).text_content().split()) for page in pages
        ]
        self.assertEqual([self._due(text) for text in texts], ["100.20", "50.00"])

    def test_code_to_scan_has_the_amount_that_is_asked_for(self):
        move = self._sold()
        along = with_e_invoice(move)
        self.assertFalse(along._maventa_asks_otherwise())
        self._pay(move, 25.5)
        self.assertFalse(along._maventa_asks_otherwise())
        self._credit_part(move, 10)
        self.assertTrue(along._maventa_asks_otherwise())
        self.assertFalse(move._maventa_asks_otherwise(), "other paper is Odoo's")
