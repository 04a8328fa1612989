"""What is signed of amounts, and by whom: many documents, branches, other taxpayers."""

from odoo import Command
from odoo.tests import tagged

from .random_documents import RandomDocuments
from .signing import SigningCommon

DOCUMENTS = 40


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningAmounts(SigningCommon):
    def test_signed_total_is_that_of_the_qr_code(self):
        documents = RandomDocuments(
            self.env, 23, journal_id=self.journal.id, partner_id=self.partner_a.id
        )
        amounts = self.env["l10n_pt_atcud.fiscal_amounts"]
        for method in ("round_globally", "round_per_line"):
            self.company.sudo().tax_calculation_rounding_method = method
            for draft in documents.make(DOCUMENTS // 2):
                total = amounts.of_document(draft)["gross_total"]
                self.assertEqual(amounts.gross_total(draft), total)

    def test_total_has_stamp_duty_and_what_is_rounded_in_coins(self):
        duty = self.env["account.tax"].create(
            {
                "name": "Selo",
                "amount": 2,
                "type_tax_use": "sale",
                "country_id": self.env.ref("base.pt").id,
                "l10n_pt_atcud_level": "stamp_duty",
            }
        )
        accounts = self.company_data
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": accounts["default_account_revenue"].id,
                "loss_account_id": accounts["default_account_expense"].id,
            }
        )
        line = Command.create(
            {"name": "Juro", "price_unit": 9.99, "tax_ids": [Command.set(duty.ids)]}
        )
        move = self.issued(
            invoice_line_ids=[line], invoice_cash_rounding_id=rounding.id
        )
        self.assertEqual(move.l10n_pt_atcud_signed["gross_total"], "10.20")
        self.assertEqual(move.amount_total, 10.2)
        self.assertIn("*O:10.20*", move.l10n_pt_atcud_qr_payload)

    def test_branch_signs_in_the_chain_of_its_parent(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Loja do Porto", "parent_id": self.company.id})
        )
        self.cr.precommit.run()  # gives the branch its chart of accounts
        self.env.user.sudo().company_ids += branch
        allowed = (branch | self.company).ids
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": allowed}
        )
        first = self.issued()
        second = self.issued(company_id=branch.id)
        previous = second.l10n_pt_atcud_signed["previous"]
        self.assertEqual(previous, first.l10n_pt_atcud_hash)
        self.assertEqual(self.breaks(first | second), [])
        report = self.env["l10n_pt_atcud.verification"].create(
            {"company_id": branch.id}
        )
        report.action_verify()
        self.assertEqual(report.document_count, 2)

    def test_other_taxpayer_does_not_sign_by_this_key(self):
        companies = self.env["res.company"].sudo()
        child = {"name": "Outra Lda", "parent_id": self.company.id}
        other = companies.create({**child, "vat": "PT502757191"})
        self.assertFalse(other._l10n_pt_atcud_signing())
        other.vat = False  # a branch without a number of its own
        self.assertTrue(other._l10n_pt_atcud_signing())
        self.assertTrue(self.company._l10n_pt_atcud_signing())
