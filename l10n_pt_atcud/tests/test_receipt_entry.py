"""The entry of a payment that is part of what is issued: money that is in the books."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..at_series import lisbon_date
from .common import AtcudCommon
from .test_immutability import FORGED, refused
from .test_receipts import Receipts

FACTS = "name state partner_id date journal_id ref currency_id origin_payment_id"
LINE_FACTS = "account_id partner_id name balance amount_currency currency_id date"


class Entries(Receipts):
    def facts(self, payment):
        self.env.invalidate_all()
        entry = payment.move_id
        return (
            payment.name,
            payment.state,
            [entry[name] for name in FACTS.split()],
            [
                [line.id, *(line[name] for name in LINE_FACTS.split())]
                for line in entry.line_ids.sorted("id")
            ],
        )

    def call(self, records, method, *arguments):
        """Call as a JSON-RPC request of the accountant does."""
        model = self.env[records._name].with_user(self.accountant)
        return call_kw(model, method, [records.ids, *arguments], {"context": FORGED})

    def assertStays(self, payment):
        """Try all doors to the entry of a payment."""
        before = self.facts(payment)
        entry, other = payment.move_id, self.partner_b.id
        money, customer, _others = payment._seek_for_lines()
        revenue = self.company_data["default_account_revenue"].id
        for values in (
            {"state": "draft"},
            {"state": "cancel"},
            {"name": "X/1"},
            {"date": "2026-01-05"},
            {"partner_id": other},
            {"ref": "X"},
            {"origin_payment_id": False},
            {"line_ids": [Command.clear()]},
        ):
            with self.subTest(values), refused(self):
                self.call(entry, "write", values)
        for values in (
            {"partner_id": other},
            {"account_id": revenue},
            {"balance": 1.0},
            {"move_id": self.draft().id},
        ):
            for line in money, customer:
                with self.subTest(values), refused(self):
                    self.call(line, "write", values)
        for records, method in (
            (entry, "button_draft"),
            (entry, "button_cancel"),
            (entry, "unlink"),
            (entry.line_ids, "unlink"),
        ):
            with self.subTest(method), refused(self):
                self.call(records, method)
        with self.subTest("another entry"), refused(self):
            self.call(payment, "write", {"move_id": self.draft().id})
        self.assertEqual(self.facts(payment), before)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiptEntry(Entries, AtcudCommon):
    def test_entry_of_a_receipt_stays(self):
        self.assertStays(self.paid())

    def test_reconciled_entry_of_a_receipt_stays(self):
        self.production("A2026", "FT", self.journal)
        invoice = self.draft()
        invoice.action_post()
        self.assertStays(self.pay(invoice))
        self.assertEqual(invoice.amount_residual, 0)

    def test_entry_of_an_invoice_receipt_stays(self):
        self.company.sudo().l10n_pt_atcud_document_rules = "refuse"
        self.production("A2026", "FR", self.journal)
        invoice = self.draft(
            l10n_pt_atcud_document_type="FR",
            l10n_pt_atcud_payment_journal_id=self.bank.id,
        )
        invoice.action_post()
        payment = invoice.matched_payment_ids
        self.assertStays(payment)
        self.cancel_issued(invoice)
        self.assertEqual((payment.state, payment.move_id.state), ("canceled", "cancel"))

    def test_entry_of_a_cancelled_receipt_does_not_come_back(self):
        payment = self.paid()
        payment._l10n_pt_atcud_cancel("Cheque returned")
        entry = payment.move_id
        self.assertEqual(entry.state, "cancel")
        for state in ("draft", "posted"):
            with self.subTest(state), refused(self):
                self.call(entry, "write", {"state": state})
        with refused(self):
            self.call(entry, "button_draft")
        with refused(self):
            self.call(entry, "unlink")

    def test_bank_transaction_of_it_can_be_reconciled(self):
        payment = self.paid()
        money, _customer, _others = payment._seek_for_lines()
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.bank.default_account_id, 100.0),
                        (money.account_id, -100.0),
                    )
                ],
            }
        )
        entry.action_post()
        same = entry.line_ids.filtered(lambda x: x.account_id == money.account_id)
        theirs = (same | money).with_user(self.accountant)
        theirs.reconcile()
        self.assertTrue(money.reconciled)
        theirs.remove_move_reconcile()
        self.assertFalse(money.reconciled)

    def test_other_payments_are_free(self):
        self.bank.sudo().l10n_pt_atcud_receipt_type = False
        payment = self.paid().with_user(self.accountant)
        payment.move_id.button_draft()
        payment.move_id.line_ids.partner_id = self.partner_b
        payment.move_id.action_post()
        self.assertEqual(payment.move_id.line_ids.partner_id, self.partner_b)

    # === WHOSE ENTRY === #

    def test_document_is_the_entry_of_no_payment(self):
        self.production("A2026", "FT", self.journal)
        issued, draft = self.draft(), self.draft()
        issued.action_post()
        payment = self.payment()
        for move in issued, draft:
            for values in ({}, {"payment_type": "outbound"}):
                with self.subTest(values), self.assertRaises(ValidationError):
                    self.payment(move_id=move.id, **values)
            with self.assertRaises(ValidationError), self.cr.savepoint():
                payment.move_id = move
            with refused(self):
                self.call(move, "write", {"origin_payment_id": payment.id})
        entry = self.paid(partner_id=self.partner_b.id).move_id
        with self.assertRaises(ValidationError):
            self.payment(move_id=entry.id)  # of another payment

    def test_receipt_has_the_amount_of_its_entry(self):
        payment = self.payment(1000.0)
        accounts = (payment.outstanding_account_id, payment.destination_account_id)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": lisbon_date(),
                "origin_payment_id": payment.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in zip(accounts, (0.01, -0.01), strict=True)
                ],
            }
        )
        payment.move_id = entry
        with self.assertRaisesRegex(UserError, "1,000.00.*0.01"):
            payment.action_post()
