"""Lines and customer of what Maventa has, by doors that no form of Odoo has."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import MaventaCommon

# Keys of the context come with any call from outside, and switch Odoo's checks off.
FORCED = {
    "check_move_validity": False,
    "dynamic_unlink": True,
    "force_delete": True,
    "skip_invoice_sync": True,
    "skip_readonly_check": True,
}
BESIDE = ("rounding", "tax", "payment_term", "epd", "discount", "non_deductible_tax")


@tagged("post_install", "-at_install")
class TestAfterSending(MaventaCommon):
    def setUp(self):
        super().setUp()
        self.move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(self.move.maventa_state, "accepted")
        theirs = self.move.with_user(self.accountant).with_context(**FORCED)
        self.theirs, self.lines = theirs, theirs.line_ids
        self.line = self._of("product")
        self.tax, self.term = self._of("tax"), self._of("payment_term")

    def _of(self, kind):
        return self.lines.filtered(lambda line: line.display_type == kind)[:1]

    def _assert_frozen(self, change):
        with self.assertRaisesRegex(UserError, "credit note"), self.env.cr.savepoint():
            change()
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def _pair(self, kind):
        """Return values of two new lines that balance each other."""
        values = {
            "move_id": self.move.id,
            "display_type": kind,
            "name": "More",
            "account_id": self.line.account_id.id,
        }
        amounts = ((-50, -50), (50, 50))
        return [{**values, "balance": x, "amount_currency": y} for x, y in amounts]

    # === LINES === #

    def test_no_line_is_deleted(self):
        self.assertTrue(self.line and self.tax and self.term)
        for line in self.line, self.tax, self.term:
            with self.subTest(line.display_type):
                self._assert_frozen(line.unlink)

    def test_no_line_is_added_but_cost_of_goods(self):
        for kind in {"product", *BESIDE} - {"payment_term"}:  # Odoo itself refuses that
            with self.subTest(kind):
                self._assert_frozen(lambda k=kind: self.lines.create(self._pair(k)))
        cost = self.lines.create(self._pair("cogs"))
        self.assertEqual(self.move.amount_untaxed, 100)
        self._assert_frozen(lambda: cost[0].write({"display_type": "product"}))
        cost.unlink()

    def test_no_line_moves_in_or_out(self):
        other = self._invoice()
        other.button_draft()
        line = other.invoice_line_ids.with_user(self.accountant)
        line = line.with_context(**FORCED)
        self._assert_frozen(lambda: line.write({"move_id": self.move.id}))
        self._assert_frozen(lambda: self.line.write({"move_id": other.id}))

    def test_no_line_becomes_another_kind(self):
        for kind in ("cogs", *BESIDE):
            with self.subTest(kind):
                change = {"display_type": kind}
                self._assert_frozen(lambda c=change: self.line.write(c))

    def test_nothing_that_a_line_says_or_is_taxed_by_changes(self):
        self.line.write({"tax_ids": [Command.set(self.line.tax_ids.ids)]})  # the same
        other = self.line.tax_ids.sudo().copy({"name": "Other"}).id
        for line, name, value in (
            (self.line, "product_id", self.product_a.id),
            (self.line, "price_subtotal", 1.0),
            (self.line, "price_total", 1.0),
            (self.line, "date", "2020-01-01"),
            (self.line, "deductible_amount", 10.0),
            (self.line, "extra_tax_data", {"x": 1}),
            (self.line, "sequence", 999),
            (self.line, "partner_id", self.partner_b.id),
            (self.line, "tax_ids", [Command.set([other])]),
            (self.tax, "amount_currency", self.tax.amount_currency + 1),
            (self.tax, "balance", self.tax.balance + 1),
            (self.tax, "tax_base_amount", 1.0),
            (self.tax, "tax_tag_ids", [Command.create({"name": "x"})]),
            (self.tax, "account_id", self.line.account_id.id),
            (self.term, "balance", self.term.balance - 1),
            (self.term, "partner_id", self.partner_b.id),
            (self.term, "date_maturity", "2030-01-01"),
        ):
            with self.subTest(f"{line.display_type} {name}"):
                self._assert_frozen(lambda li=line, n=name, v=value: li.write({n: v}))

    def test_lines_are_kept_by_a_status_that_does_not_allow_changes(self):
        move = self._invoice()
        move.maventa_status_id = self._status("after_transfer")
        self.assertTrue(move.maventa_status_id.not_editable)
        line = move.invoice_line_ids.with_context(**FORCED)
        with self.assertRaisesRegex(UserError, "does not allow changes"):
            line.write({"price_unit": 7})

    def test_journal_and_day_of_the_books_stay(self):
        journal = self.move.journal_id.copy()
        for values in {"journal_id": journal.id}, {"date": "2026-01-05"}:
            self._assert_frozen(lambda v=values: self.theirs.write(v))

    def test_books_go_on(self):
        account = self.line.account_id.sudo().copy({"name": "Other sales"})
        self.line.account_id = account
        self._register_payment(self.move)
        self.assertFalse(self.move.amount_residual)
        self.move.line_ids.remove_move_reconcile()
        self.assertEqual(self.move.amount_residual, self.move.amount_total)

    # === MERGED CUSTOMERS === #

    def _merge(self, target, *others):
        groups = "account.group_account_invoice,base.group_partner_manager"
        clerk = new_test_user(
            self.env,
            f"clerk{target.id}{len(others)}",
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        contacts = target.browse([one.id for one in (target, *others)])
        contacts.email = "one@lumi.example"  # the wizard merges no others for a clerk
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        values = {"partner_ids": contacts.ids, "dst_partner_id": target.id}
        with self.env.cr.savepoint():
            wizard.create({**values, "state": "selection"}).action_merge()

    def test_customer_of_a_sent_invoice_becomes_no_other(self):
        customer = self.move.partner_id
        number = {"vat": customer.vat, "country_id": customer.country_id.id}
        others = (
            self.partner_b,
            customer.create({"name": "Another"}),
            customer.create({"name": customer.name, "company_registry": "0737546-2"}),
        )
        for other in others:
            with self.subTest(other.name), self.assertRaisesRegex(UserError, "merged"):
                self._merge(other, customer)
        self.assertEqual(self.move.partner_id, customer)
        second = customer.create({"name": "Second entry", **number})
        self._merge(second, customer)
        self.env.invalidate_all()
        self.assertEqual(self.move.partner_id, second)

    def test_customer_of_whom_maventa_has_nothing_is_merged(self):
        move = self._invoice(partner=self.partner_b)
        other = self.partner_b.create({"name": "Another"})
        self._merge(other, self.partner_b)
        self.env.invalidate_all()
        self.assertEqual(move.partner_id, other)
