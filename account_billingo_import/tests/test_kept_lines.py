from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingoCommon

OTHER_KINDS = "cogs rounding tax epd discount non_deductible_tax line_note".split()


@tagged("post_install", "-at_install")
class TestKeptLines(BillingoCommon):
    """No line of a posted entry changes, comes or goes, whatever a client sends along.

    What Odoo itself does to such an entry goes on: it is paid, and gets other accounts.
    """

    def setUp(self):
        super().setUp()
        self.both = self.own | self.supplier
        self.both.write({"state": "active"})
        self._fetch()
        documents = self._document(self.own, 1) | self._document(self.supplier, 1)
        documents.action_process()
        self.sale, self.bill = documents.move_id
        self.assertEqual({self.sale.state, self.bill.state}, {"posted"})

    def _theirs(self, move):
        """Return an entry, with all that a client may say about itself in a context."""
        return move.with_user(self.bookkeeper).with_context(
            force_delete=True,
            dynamic_unlink=True,
            check_move_validity=False,
            skip_invoice_sync=True,
            skip_readonly_check=True,
        )

    def _lines(self, move):
        """Return a price, its VAT and what is to be paid."""
        lines = self._theirs(move).line_ids
        found = [
            lines.filtered(lambda x, kind=kind: x.display_type == kind)[:1]
            for kind in ("product", "tax", "payment_term")
        ]
        self.assertTrue(all(found))
        return found

    def _refused(self, *changes, error=UserError):
        for change in changes:
            with (
                self.assertRaisesRegex(error, "Billingo"),
                self.env.cr.savepoint(),
                mute_logger("odoo.models.unlink"),
            ):
                change()
                self.env.flush_all()
            self.env.invalidate_all(flush=False)

    def test_lines_are_not_deleted(self):
        for move in self.sale, self.bill:
            for line in self._lines(move):
                self._refused(
                    line.unlink,
                    lambda x=line: x.move_id.write(
                        {"line_ids": [Command.delete(x.id)]}
                    ),
                )
            self._refused(self._theirs(move).unlink)

    def test_lines_are_not_added(self):
        draft = self.bill.copy()
        for move in self.sale, self.bill:
            lines = self._theirs(move).line_ids
            account = self.supplier.account_id.id
            for kind in OTHER_KINDS:
                values = {"display_type": kind, "name": "Forged"}
                if kind != "line_note":
                    values |= {"account_id": account, "balance": 50}
                values |= {"move_id": move.id}
                with self.subTest(kind, move=move.name):
                    self._refused(lambda a=lines, v=values: a.create(v))
            moved = self._theirs(draft).line_ids[:1]
            self._refused(lambda x=moved, m=move: x.write({"move_id": m.id}))

    def test_lines_do_not_change(self):
        tag = self.env["account.account.tag"].search([], limit=1)
        product, currency = self.product_a.id, self.env.ref("base.EUR").id
        values = {
            "display_type": "cogs",
            "product_id": product,
            "price_subtotal": 1,
            "price_total": 1,
            "deductible_amount": 10,
            "partner_id": self.partner_b.id,
            "currency_id": currency,
            "balance": 7,
            "amount_currency": 7,
            "amount_residual": 7,
            "tax_tag_ids": [Command.set(tag.ids)],
            "tax_base_amount": 7,
            "date": "2020-01-01",
            "parent_state": "draft",
        }
        for move in self.sale, self.bill:
            for line in self._lines(move):
                for name, value in values.items():
                    with self.subTest(name, move=move.name, kind=line.display_type):
                        self._refused(lambda x=line, v={name: value}: x.write(v))
            tax = self._lines(move)[1]
            other = {"account_id": self.supplier.account_id.id}
            self._refused(lambda x=tax, v=other: x.write(v))
        line = self._lines(self.sale)[0]
        self._refused(lambda: line.write({"sequence": line.sequence + 7}))

    def test_whom_and_how_much_is_owed_stays(self):
        for move in self.sale, self.bill:
            theirs = self._theirs(move)
            for values in (
                {"commercial_partner_id": self.partner_b.id},
                {"amount_residual": 0},
                {"invoice_payment_term_id": self.pay_terms_b.id},
            ):
                with self.subTest(values, move=move.name):
                    self._refused(lambda x=theirs, v=values: x.write(v))

    def test_odoo_goes_on_with_a_posted_entry(self):
        for move in self.sale, self.bill:
            theirs = move.with_user(self.bookkeeper)
            line = theirs.invoice_line_ids[:1]
            other = move.invoice_line_ids[:1].account_id.copy({"code": f"89{move.id}"})
            due = move.invoice_date_due
            theirs.invoice_date_due = "2026-12-24"
            self.assertTrue(move.line_ids.filtered("date_maturity").date_maturity > due)
            theirs.invoice_date_due = due
            line.account_id = other
            line.analytic_distribution = False
            register = self.env["account.payment.register"].with_user(self.bookkeeper)
            register = register.with_context(
                active_model="account.move", active_ids=move.ids
            )
            register.create({"amount": move.amount_total})._create_payments()
            self.assertFalse(move.amount_residual)
            theirs.line_ids.remove_move_reconcile()
            self.assertEqual(move.amount_residual, move.amount_total)
            theirs.button_draft()
            theirs.invoice_line_ids[:1].sequence += 1
            theirs.action_post()
            self.assertEqual(move.state, "posted")
            self.assertEqual(line.account_id, other)

    def test_partner_joins_its_company(self):
        partner = self.bill.partner_id
        group = self.env["res.partner"].create(
            {"name": "Group", "is_company": True, "vat": partner.vat}
        )
        partner.write({"parent_id": group.id, "is_company": False})
        self.assertEqual(self.bill.commercial_partner_id, group)
        self.assertEqual(self.bill.line_ids.partner_id, group)

    def test_what_billingo_issued_is_amended_there(self):
        for move, is_ours in ((self.sale, True), (self.bill, False)):
            context = {"active_model": "account.move", "active_ids": move.ids}
            reversals, debits = (
                self.env[x].with_user(self.bookkeeper).with_context(**context)
                for x in ("account.move.reversal", "account.debit.note")
            )
            reversal = reversals.create({"journal_id": move.journal_id.id})
            debit = debits.create({})
            for door in (
                reversal.refund_moves,
                reversal.modify_moves,
                debit.create_debit,
            ):
                with self.subTest(door, move=move.name):
                    if is_ours:
                        self._refused(door, error=RedirectWarning)
                    else:
                        with self.env.cr.savepoint() as savepoint:
                            self.assertTrue(door())
                            savepoint.rollback()
        self.assertFalse(self.sale.reversal_move_ids)

    # === MERGED PARTNERS === #

    def _merge(self, target, other):
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        values = {"partner_ids": (target | other).ids, "dst_partner_id": target.id}
        wizard.create(values).action_merge()
        self.env.invalidate_all()

    def test_imported_partner_becomes_no_other(self):
        partner = self.bill.partner_id
        self.assertTrue(partner.vat)
        country = {"country_id": partner.country_id.id}
        for values in ({"vat": "HU13421739"}, {}):
            other = partner.create({"name": "Másik Kft.", **values, **country})
            self._refused(lambda other=other: self._merge(other, partner))
            self.assertEqual(self.bill.partner_id, partner)
        same = partner.create({"name": "Second", "vat": partner.vat, **country})
        self._merge(same, partner)
        self.assertEqual(self.bill.partner_id, same)

    def test_partner_without_imported_entries_is_merged(self):
        other = self.env["res.partner"].create({"name": "Nobody"})
        self._merge(self.bill.partner_id, other)
        self.assertFalse(other.exists())
