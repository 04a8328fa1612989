"""An issued document does not change, by any door."""

import datetime
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import AtcudCommon

# What a request from outside may put into the context.
FORGED = {
    "l10n_pt_atcud_cancellation": True,
    "l10n_pt_atcud_document_cancellation": True,
    "skip_readonly_check": True,
    "skip_account_move_synchronization": True,
    "check_move_validity": False,
    "force_delete": True,
    "tracking_disable": True,
    "import_file": True,
}
LINE_FACTS = (
    "name product_id quantity price_unit discount tax_ids balance debit credit "
    "amount_currency currency_id partner_id display_type price_subtotal price_total "
    "tax_line_id tax_base_amount tax_tag_ids date"
).split()
FACTS = (
    "name state move_type journal_id company_id partner_id commercial_partner_id "
    "currency_id invoice_currency_rate invoice_date date amount_untaxed "
    "amount_tax amount_total amount_total_signed fiscal_position_id ref "
    "narration reversed_entry_id l10n_pt_atcud_value l10n_pt_atcud_series_id "
    "l10n_pt_atcud_document_type l10n_pt_atcud_content l10n_pt_atcud_qr_payload "
    "l10n_pt_atcud_is_external"
).split()


def facts(move):
    """Return all that the law freezes, as plain values."""
    move.env.invalidate_all()
    lines = move.line_ids.sorted("id")
    return (
        [move[name] for name in FACTS],
        [(line.id, *(line[name] for name in LINE_FACTS)) for line in lines],
    )


@contextmanager
def refused(case):
    """Expect a refusal, with or without a way out, and undo what was done."""
    try:
        with case.cr.savepoint(), mute_logger("odoo.sql_db", "odoo.models.unlink"):
            yield
            case.env.flush_all()
    except (UserError, RedirectWarning):
        case.env.invalidate_all()
    else:
        case.fail("not refused")


class Issued:
    def setUp(self):
        super().setUp()
        self.series = self.registered_series()
        tax = self.company_data["default_tax_sale"]
        line = {"name": "Azulejo", "quantity": 2, "price_unit": 50.0}
        self.invoice = self.draft(
            invoice_line_ids=[
                Command.create({**line, "tax_ids": [Command.set(tax.ids)]})
            ]
        )
        self.invoice.action_post()
        self.assertEqual(self.invoice.name, "FT A2026/1")

    def assertRefused(self, function, *arguments, **options):
        with refused(self):
            function(*arguments, **options)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestImmutability(Issued, AtcudCommon):
    def call(self, records, method, *arguments, context=FORGED):
        """Call as a JSON-RPC request of the accountant does."""
        model = self.env[records._name].with_user(self.accountant)
        return call_kw(model, method, [records.ids, *arguments], {"context": context})

    def test_reset_to_draft_is_refused_and_leads_to_the_credit_note(self):
        with self.assertRaises(RedirectWarning) as raised:
            self.invoice.with_user(self.accountant).button_draft()
        action, button = raised.exception.args[1:3]
        self.assertEqual(action["res_model"], "account.move.reversal")
        self.assertEqual(action["context"]["active_ids"], self.invoice.ids)
        self.assertEqual(button, "Credit note")
        self.assertFalse(self.invoice.show_reset_to_draft_button)
        for method in ("button_draft", "button_cancel"):
            with refused(self):
                self.call(self.invoice, method)
        self.assertEqual(self.invoice.state, "posted")

    def test_state_cannot_be_written(self):
        for state in ("draft", "cancel"):
            with refused(self):
                self.call(self.invoice, "write", {"state": state})

    def test_no_cost_of_goods_becomes_a_line_of_the_document(self):
        account = self.invoice.invoice_line_ids.account_id.id
        costs = [
            {
                "move_id": self.invoice.id,
                "display_type": "cogs",
                "name": "Cost",
                "account_id": account,
                "amount_currency": amount,
                "balance": amount,
            }
            for amount in (50.0, -50.0)
        ]
        lines = self.env["account.move.line"].with_user(self.accountant)
        with refused(self):
            lines.create(costs)
        total = self.invoice.amount_total
        added = lines.sudo().create(costs)  # as Odoo corrects the cost
        cost = added[0].with_user(self.accountant)
        change = {"display_type": "product", "price_unit": 50.0}
        for values in (change, {"name": "Forged"}, {"balance": 1.0}):
            with self.subTest(values), refused(self):
                cost.write(values)
            with self.subTest(values), refused(self):
                self.call(cost, "write", values)
        with refused(self):
            cost.sudo().write(change)
        with refused(self):
            added.with_user(self.accountant).unlink()
        cost.write({"account_id": account})
        self.env.invalidate_all()
        self.assertEqual(added.mapped("display_type"), ["cogs", "cogs"])
        self.assertEqual(self.invoice.amount_total, total)

    def test_what_is_paid_is_not_written_by_hand(self):
        [due] = self.invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        for record, values in (
            (self.invoice, {"payment_state": "paid"}),
            (self.invoice, {"payment_state": "reversed"}),
            (self.invoice, {"amount_residual": 0.0}),
            (self.invoice, {"amount_residual_signed": 0.0}),
            (self.invoice, {"secure_sequence_number": 99}),
            (self.invoice, {"made_sequence_gap": True}),
            (due, {"amount_residual": 0.0}),
            (due, {"reconciled": True}),
            (due, {"date_maturity": "2020-01-01"}),
        ):
            with self.subTest(values), refused(self):
                self.call(record, "write", values)
        theirs = self.invoice.with_user(self.accountant)
        theirs.action_toggle_block_payment()
        self.assertEqual(theirs.payment_state, "blocked")
        theirs.action_toggle_block_payment()
        self.assertEqual(theirs.payment_state, "not_paid")
        later = self.invoice.invoice_date + datetime.timedelta(days=90)
        due.with_user(self.accountant).date_maturity = later
        theirs.invoice_date_due = later + datetime.timedelta(days=1)
        self.env.flush_all()

    def test_import_lists_the_refusal_as_a_plain_error(self):
        moves = self.env["account.move"].with_user(self.accountant)
        row = [str(self.invoice.id), "Forged"]
        [message] = moves.load([".id", "narration"], [row])["messages"]
        self.assertTrue(message["message"].startswith("FT A2026/1 is issued"))

    def test_no_field_changes_the_document(self):
        before = facts(self.invoice)
        self.try_every_field(self.invoice)
        self.assertEqual(facts(self.invoice), before)

    def test_no_field_of_a_line_changes_the_document(self):
        before = facts(self.invoice)
        for line in self.invoice.line_ids:
            self.try_every_field(line)
        self.assertEqual(facts(self.invoice), before)

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def try_every_field(self, record):
        """Write another value to each field by RPC; what is possible stays."""
        other = self.draft()
        accepted = []
        for name, field in record._fields.items():
            if name in ("id", "display_name") or field.manual:
                continue
            for value in self.other_values(record, field, other):
                try:
                    with self.cr.savepoint():
                        self.call(record, "write", {name: value})
                        self.env.flush_all()
                        accepted.append(name)
                except Exception:  # noqa: BLE001, S112 - any refusal will do
                    continue
        # What is free stays free: payments, reminders, notes.
        self.assertTrue(accepted)

    def other_values(self, record, field, other):
        if field.type in ("one2many", "many2many"):
            return [[Command.clear()], [Command.create({})]]
        if field.type == "many2one":
            comodel = self.env[field.comodel_name].sudo()
            try:
                found = comodel.search([], limit=2) - record[field.name]
            except UserError:  # some models refuse to be searched
                found = comodel
            return [False, *found.ids[:1]]
        if field.type == "selection":
            values = field.get_values(self.env)
            return [one for one in values if one != record[field.name]]
        return {
            "boolean": [not record[field.name]],
            "char": ["X", False],
            "text": ["X"],
            "html": ["<p>X</p>"],
            "integer": [7],
            "float": [7.0],
            "monetary": [7.0],
            "date": ["2020-01-01"],
            "datetime": ["2020-01-01 00:00:00"],
            "json": [{"x": 1}, False],
        }.get(field.type, [])

    def test_what_is_frozen_is_named_once_each(self):
        values = {
            "partner_id": self.partner_b.id,
            "invoice_date": "2026-05-03",
            "date": "2026-05-03",
            "currency_id": self.env.ref("base.USD").id,
            "narration": "<p>X</p>",
            "ref": "X",
            "amount_total": 1.0,
            "name": "FT A2026/9",
            "posted_before": False,
            "reversed_entry_id": self.draft().id,
            "l10n_pt_atcud_content": {},
            "l10n_pt_atcud_qr_payload": "X",
            "l10n_pt_atcud_value": False,
            "l10n_pt_atcud_cancel_reason": "X",
            "invoice_line_ids": [Command.clear()],
            "line_ids": [Command.clear()],
        }
        for name, value in values.items():
            with self.subTest(name), refused(self):
                self.call(self.invoice, "write", {name: value})

    def test_malformed_commands_are_refused(self):
        for value in (5, [5], [[]], [[6]], [[6, 0, [[]]]], [[4]], "x", {"x": 1}):
            with self.subTest(value=value), refused(self):
                self.call(self.invoice, "write", {"invoice_line_ids": value})

    def test_hash_is_given_by_odoo_alone(self):
        for move in self.invoice, self.draft():
            with refused(self):
                self.call(move, "write", {"inalterable_hash": "$4$forged"})
        self.invoice.button_hash()
        self.assertTrue(self.invoice.inalterable_hash)

    def test_equal_values_can_be_written(self):
        self.invoice.write(
            {
                "ref": False,
                "narration": self.invoice.narration,
                "l10n_pt_atcud_document_type": "FT",
                "amount_total": self.invoice.amount_total,
                "reversed_entry_id": False,
            }
        )

    def test_lines_are_not_added_changed_moved_or_deleted(self):
        lines = self.env["account.move.line"]
        (line,) = self.invoice.invoice_line_ids
        other = self.draft()
        before = facts(self.invoice)
        new = {"name": "X", "price_unit": 1, "quantity": 1}
        for change in (
            lambda: line.write({"price_unit": 1.0}),
            lambda: line.write({"quantity": 1.0}),
            lambda: line.write({"tax_ids": [Command.clear()]}),
            lambda: line.write({"move_id": other.id}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: lines.create({**new, "move_id": self.invoice.id}),
            lambda: other.invoice_line_ids.write({"move_id": self.invoice.id}),
        ):
            with refused(self):
                change()
        self.assertEqual(facts(self.invoice), before)

    def test_form_cannot_change_it(self):
        before = facts(self.invoice)
        for name, value in (
            ("partner_id", self.partner_b),
            ("invoice_date", "2026-05-03"),
            ("l10n_pt_atcud_document_type", "FS"),
        ):
            with self.subTest(name), self.assertRaises(AssertionError):
                setattr(Form(self.invoice), name, value)  # read-only
        self.assertEqual(facts(self.invoice), before)

    def test_list_of_several_documents_is_refused_as_a_whole(self):
        both = self.draft() | self.invoice
        with refused(self):
            both.write({"partner_id": self.partner_b.id})
        self.assertEqual(both.partner_id, self.partner_a)

    def test_import_cannot_change_it(self):
        self.env["ir.model.data"].sudo().create(
            {
                "module": "atcud_test",
                "name": "issued",
                "model": "account.move",
                "res_id": self.invoice.id,
            }
        )
        before = facts(self.invoice)
        for field, value in (
            ("invoice_date", "2026-05-03"),
            ("ref", "X"),
            ("partner_id/.id", str(self.partner_b.id)),
            ("name", "FT A2026/5"),
            ("state", "draft"),
            ("l10n_pt_atcud_value", "AAAAAAAA-1"),
            ("invoice_line_ids/name", "X"),
        ):
            with self.subTest(field):
                result = self.env["account.move"].load(
                    ["id", field], [["atcud_test.issued", value]]
                )
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])
        self.assertEqual(facts(self.invoice), before)

    def test_it_cannot_be_deleted(self):
        for invoice in (self.invoice, self.invoice.with_context(**FORGED)):
            self.assertRefused(invoice.unlink)
        self.assertRefused(self.invoice.line_ids.unlink)

    def test_portal_user_cannot_change_it(self):
        portal = new_test_user(self.env(su=True), "atcud_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.invoice.with_user(portal).write({"ref": "X"})

    def test_customer_is_not_merged_into_another_taxpayer(self):
        customer = self.invoice.partner_id
        customer.vat = "PT599999993"
        other = customer.create({"name": "Outro", "vat": "PT502757191"})
        wizards = self.env["base.partner.merge.automatic.wizard"].sudo()
        values = {"partner_ids": (customer | other).ids, "dst_partner_id": other.id}
        with refused(self):
            wizards.create(values).action_merge()
        self.assertEqual(self.invoice.partner_id, customer)
        other.vat = customer.vat
        wizards.create(values).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.invoice.partner_id, other)

    def test_tax_of_a_document_is_not_deleted(self):
        """One of 0 % has no line of its own that would keep it."""
        groups = ("account.group_account_manager", "account.group_account_user")
        manager = self.new_user("atcud_manager", *groups)
        tax, child, group, unused = (
            self.exempt.sudo().copy({"name": f"0 % {letter}"}) for letter in "ABCD"
        )
        children = [Command.set(child.ids)]
        group.write({"amount_type": "group", "children_tax_ids": children})
        document = self.draft()
        [line] = document.invoice_line_ids
        line.tax_ids = tax | group
        document.action_post()
        for one in tax, child, group:
            with self.assertRaisesRegex(UserError, "Archive it"), self.cr.savepoint():
                one.with_user(manager).unlink()
        tax.with_user(manager).active = False
        self.env.invalidate_all()
        self.assertEqual(line.with_context(active_test=False).tax_ids, tax | group)
        self.draft().invoice_line_ids.tax_ids = unused
        unused.with_user(manager).unlink()

    def test_payments_remain_possible(self):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        before = facts(self.invoice)
        register.create({})._create_payments()
        self.assertIn(self.invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(facts(self.invoice), before)

    def test_credit_note_corrects_it(self):
        credit = self.registered_series("A2026", "NC")
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        values = {"journal_id": self.journal.id, "reason": "Devolução"}
        action = wizard.create(values).refund_moves()
        refund = self.env["account.move"].browse(action["res_id"])
        refund.action_post()
        self.assertEqual(refund.l10n_pt_atcud_series_id, credit)
        self.assertEqual(refund.l10n_pt_atcud_reason, "Devolução")
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertRefused(refund.write, {"l10n_pt_atcud_reason": "X"})
        self.assertRefused(refund.write, {"reversed_entry_id": False})

    def test_document_of_demo_can_be_reset(self):
        self.use_environment("demo")
        series = self.registered_series("DEMO")
        invoice = self.draft(l10n_pt_atcud_series_id=series.id)
        invoice.action_post()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 7.0
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 7.0)

    def test_documents_of_other_kinds_are_free(self):
        bill = self.draft(
            "in_invoice",
            journal_id=self.company_data["default_journal_purchase"].id,
            date=datetime.date(2026, 5, 3),
        )
        bill.action_post()
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 7.0
        bill.button_cancel()
        self.assertEqual(bill.state, "cancel")
