"""From a document to the values of its entry, with Billingo's amounts to the unit.

Which tax, account, date, partner and original it gets is decided by services of their
own; integrators extend those, or ``_prepare_move`` and ``_prepare_line`` here.
"""

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..billingo_api import Original, Related, book
from ..billingo_api.booking import Booking
from ..billingo_api.errors import MismatchError
from ..billingo_api.kinds import kind_of
from ..billingo_api.messages import Document
from ..corrections import read_corrections
from ..exceptions import DocumentProblem
from ..guards import as_service, internal
from ..remote_text import as_html
from .account_rules import Choice
from .entry_check import DATES
from .vat_regime import Decision

SIDES = {"customer": "out", "supplier": "in", "spending": "in"}
ROUNDING_XMLID = {
    1: "l10n_hu_edi.cash_rounding_1_huf",
    5: "account_billingo_import.cash_rounding_5_huf",
    10: "account_billingo_import.cash_rounding_10_huf",
}
CURRENCY, CREATE = "amount_currency", Command.CREATE
RESTORED = (
    *("currency_id", "invoice_cash_rounding_id", "invoice_currency_rate"),
    *("invoice_payment_term_id", *DATES),
)
ROUNDING_ACCOUNTS = {
    "profit_account_id": "l10n_hu_969",
    "loss_account_id": "l10n_hu_869",
}
# Billingo's payment methods as NAV calls them (sheet 5.9); others stay empty.
PAYMENT_MODES = {
    **dict.fromkeys(
        ("wire_transfer", "elore_utalas", "transferwise", "revolut"), "TRANSFER"
    ),
    **dict.fromkeys(("bankcard", "online_bankcard", "szep_card", "ep_kartya"), "CARD"),
    **dict.fromkeys(("cash", "cash_on_delivery"), "CASH"),
    **dict.fromkeys(("coupon", "utalvany"), "VOUCHER"),
}


@dataclass(frozen=True)
class Plan:
    """All that is known of a document before its entry is created.

    :ivar document: the ``billingo.document`` record
    :ivar parsed: its content
    :ivar booking: its checked amounts
    :ivar relatives: records that it refers to or that refer to it
    :ivar original: the record that it amends, may be empty
    :ivar decision: its VAT, and what is left open about it
    :ivar partner: of the entry
    :ivar choices: account and product of each line
    :ivar values: of the entry
    """

    document: models.BaseModel
    parsed: Document
    booking: Booking
    relatives: models.BaseModel
    original: models.BaseModel
    decision: Decision
    partner: models.BaseModel
    choices: tuple[Choice, ...]
    values: dict = field(default_factory=dict)

    @property
    def is_certain(self):
        """Tell whether it can be posted without a person."""
        return self.booking.is_exact and not self.decision.questions


@internal
class BillingoMoveBuilder(models.AbstractModel):
    _name = "billingo.move.builder"
    _description = "Entries of Billingo documents"

    # === PUBLIC === #

    def _plan(self, document, usual=None):
        """Check all that can be checked without an entry, and prepare its values.

        Writes nothing but a new partner or bank account.

        :param usual: a dict that documents planned together share, see
            ``billingo.account.rules``
        :return: a :class:`Plan`
        :raise DocumentProblem, MismatchError: why it cannot be booked
        """
        plan = self._plan_amounts(document, usual)
        dates = self.env["billingo.accounting.date"]
        dates._check_open(document, plan.values["date"])
        self.env["billingo.duplicate.search"]._check_number(document, plan.values)
        return plan

    def _plan_amounts(self, document, usual=None):
        """Return a :class:`Plan` without a look at periods and numbers."""
        document.ensure_one()
        self._check_connection(document)
        if not document.digest:
            raise DocumentProblem("lines_unread")
        parsed = document._parsed()
        relatives = document._relatives()
        self._check_currency(document, parsed)
        links = self.env["billingo.document.links"]
        original = links._original(document, relatives)
        booking = self._checked_amounts(document, parsed, original, relatives)
        decision = self.env["billingo.vat.regime"]._decide(document, parsed, booking)
        waits = tuple(links._open_points(document, original))
        decision = replace(decision, questions=decision.questions + waits)
        # All refusals come before a partner is created.
        matcher = self.env["billingo.partner.matcher"]
        partner = matcher._partner(document, parsed, booking, original)
        choices = self.env["billingo.account.rules"]._choices(
            document, parsed, booking, decision, partner, usual
        )
        plan = Plan(
            document, parsed, booking, relatives, original, decision, partner, choices
        )
        return replace(plan, values=self._prepare_move(plan))

    def _check_move(self, plan, move):
        """Compare the entry with Billingo to the last unit, in both currencies.

        VAT also by tax: the VAT return takes the sums per rate as printed.

        :raise MismatchError: an amount differs
        :raise DocumentProblem: Odoo gave it another number
        """
        document, booking, sign = plan.document, plan.booking, move.direction_sign

        def total(display_type, field):
            lines = move.line_ids.filtered(lambda x: x.display_type == display_type)
            return sum(lines.mapped(field)) * sign

        pairs = (
            ("net", booking.net + booking.difference, total("product", CURRENCY)),
            ("vat", booking.vat, total("tax", CURRENCY)),
            ("rounding", booking.rounding, total("rounding", CURRENCY)),
            ("total", booking.gross, move.amount_total),
        )
        local_net = booking.local_net + booking.local_difference
        local = (
            ("local", local_net, total("product", "balance")),
            ("local", booking.local_vat, total("tax", "balance")),
        )
        for currency, checks in (
            (move.currency_id, pairs),
            (move.company_currency_id, local),
        ):
            for code, wanted, got in checks:
                if currency.compare_amounts(float(wanted), got):
                    raise MismatchError(code, code, wanted, round(got, 4))
        self._check_vat_per_tax(plan, move)
        if document.mode == "customer" and move.name != document.name:
            raise DocumentProblem(
                "number_differs", odoo=move.name, billingo=document.name
            )

    def _check_vat_per_tax(self, plan, move):
        wanted = self.env["billingo.vat.regime"]._vat_per_tax(
            plan.booking, plan.decision.taxes
        )
        for tax, (vat, local_vat) in wanted.items():
            lines = move.line_ids.filtered(lambda x, tax=tax: x.tax_line_id == tax)
            for currency, amount, name in (
                (move.currency_id, vat, CURRENCY),
                (move.company_currency_id, local_vat, "balance"),
            ):
                got = sum(lines.mapped(name)) * move.direction_sign
                if currency.compare_amounts(float(amount), got):
                    raise MismatchError("vat", tax.name, amount, round(got, 4))

    def _restore(self, document, move):
        """Give a draft Billingo's data again; accounts and analytics stay.

        What came as a file gets the data that Billingo itself has, if these are others.

        :raise UserError: they cannot be restored
        """
        is_replaced = document._is_unconfirmed() and document.is_changed
        if is_replaced:
            self.env["billingo.document.store"]._take_changed(document)
        try:
            plan = self._plan_amounts(document)
        except (DocumentProblem, MismatchError) as error:
            raise UserError(self.env["billingo.messages"]._why_not(error)) from error
        lines = [
            line[2] for line in plan.values["invoice_line_ids"] if line[0] == CREATE
        ]
        kept = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        if len(kept) == len(lines):
            for values, line in zip(lines, kept, strict=True):
                values |= {
                    "account_id": line.account_id.id,
                    "analytic_distribution": line.analytic_distribution,
                }
        self._restore_document(move, plan.values)
        as_service(move.sudo()).billingo_amounts = plan.values["billingo_amounts"]
        move.write(
            {
                **{name: plan.values[name] for name in RESTORED if name in plan.values},
                "invoice_line_ids": [
                    Command.clear(),
                    *(Command.create(values) for values in lines),
                ],
            }
        )
        if is_replaced:
            remark = self._remark_source(plan, move)
            is_open = not plan.is_certain
            document.write({"remark_source": remark, "has_question": is_open})

    def _restore_document(self, move, values):
        """Give a draft its type, partner and number again, where they differ."""
        if move.move_type != values["move_type"]:
            move.action_switch_move_type()
        partner = self.env["res.partner"].browse(values["partner_id"])
        names = ["move_type", "name", "ref"]
        if move.commercial_partner_id != partner.commercial_partner_id:
            names += ["partner_id", "partner_bank_id"]
        # Odoo's switch knows no receipts, and takes the number away.
        changed = {
            name: values[name]
            for name in names
            if name in values
            and move._fields[name].convert_to_write(move[name], move) != values[name]
        }
        if changed:
            move.write(changed)

    def _remark_source(self, plan, move):
        """Return what a user should know of amounts, VAT, accounts and date, as JSON.

        :return: the source of the text (``billingo.messages._remark_text``), or False
        """
        dates = self.env["billingo.accounting.date"]
        wanted = dates._wanted(plan.document, plan.parsed, plan.decision.regime)
        found = {
            "doubts": [(x.where, x.stated, x.computed) for x in plan.booking.doubts],
            "questions": [(x.code, x.where, x.value) for x in plan.decision.questions],
            "accounts": [*dict.fromkeys(x.why for x in plan.choices if x.why)],
            "moved": (wanted, move.date) if move.date != wanted else (),
        }
        found = {name: value for name, value in found.items() if value}
        return json.dumps(found, default=str) if found else False

    def _corrections_text(self, document):
        """Return what a user corrected, for the entry."""
        rows = [self.env._("Processed with corrections by a user:")]
        if date := document._corrected_date():
            rows.append(self.env._("Accounting date: %s", date))
        for position in sorted(read_corrections(document.corrections)[1]):
            chosen = document._corrected_line(position)
            names = [x.display_name for x in chosen.values()]
            rows.append(
                self.env._(
                    "Line %(number)s: %(chosen)s",
                    number=position + 1,
                    chosen=", ".join(names),
                )
            )
        return "\n".join(rows)

    # === CHECKS === #

    def _check_connection(self, document):
        connection = document.connection_id
        if not (
            connection.journal_id
            and connection.account_id
            and connection.advance_account_id
        ):
            raise DocumentProblem("connection_incomplete")

    def _check_currency(self, document, parsed):
        if not document.currency_id.active:
            raise DocumentProblem(
                "currency_inactive",
                {"currency_id": document.currency_id.id},
                currency=parsed.currency or "?",
            )

    def _checked_amounts(self, document, parsed, original, relatives):
        """Return the ``Booking`` of a document.

        :param original: the record that it amends, may be empty
        :param relatives: the records that it refers to or that refer to it
        """
        known = None
        links = self.env["billingo.document.links"]
        if original:
            content = original._parsed()
            known = Original(
                type=content.type,
                gross_total=links._signed_gross(original, content),
                is_final=content.type == "invoice" and bool(content.related_documents),
                related=self._related(content, original._relatives()),
            )
        return book(
            parsed,
            step=Decimal(str(document.currency_id.rounding)),
            local_step=Decimal(str(document.company_id.currency_id.rounding)),
            original=known,
            related=self._related(parsed, relatives),
        )

    def _related(self, parsed, relatives):
        """Return what is known of the documents that a final invoice refers to."""
        stored = {record.billingo_id: record for record in relatives}
        found = []
        for other in parsed.related_documents:
            record = stored.get(other.id)
            found.append(
                Related(
                    other.id,
                    other.invoice_number,
                    record.kind or "" if record else "",
                    Decimal(str(record.gross_total)) if record else None,
                )
            )
        return tuple(found)

    # === VALUES === #

    def _prepare_move(self, plan):
        """Return the values of the entry.

        The rate and the delivery date go in together: setting the date afterwards
        would make Odoo take its own rate again.

        :param plan: a :class:`Plan`, still without values
        """
        document, parsed, booking = plan.document, plan.parsed, plan.booking
        connection, partner = document.connection_id, plan.partner
        lines = [
            self._prepare_line(plan, position) for position in range(len(booking.lines))
        ]
        lines += self._prepare_difference(document, booking)
        matcher = self.env["billingo.partner.matcher"]
        dates = self.env["billingo.accounting.date"]
        values = {
            "move_type": self._move_type(document, parsed, booking),
            "company_id": document.company_id.id,
            "journal_id": connection.journal_id.id,
            "billingo_document_id": document.id,
            "partner_id": partner.id,
            **matcher._prepare_bank(document, parsed, partner),
            "currency_id": document.currency_id.id,
            "invoice_date": parsed.invoice_date,
            "date": dates._chosen(document, parsed, plan.decision.regime),
            "delivery_date": parsed.fulfillment_date or parsed.invoice_date,
            "invoice_date_due": parsed.due_date or parsed.invoice_date,
            "invoice_payment_term_id": False,
            "invoice_cash_rounding_id": self._cash_rounding(document, booking).id,
            "payment_reference": parsed.invoice_number or False,
            "narration": as_html(parsed.comment) or False,
            "is_billingo_difference_accepted": False,  # whatever a context says
            "invoice_line_ids": [Command.create(line) for line in lines],
            **self.env["billingo.document.links"]._prepare_origin(
                parsed, booking, plan.original
            ),
            **self._prepare_number(document, parsed),
        }
        mode = PAYMENT_MODES.get(parsed.payment_method)
        if mode:
            values["l10n_hu_payment_mode"] = mode
        if document.currency_id != document.company_id.currency_id:
            rate = float(1 / booking.rate)
            values |= {"invoice_currency_rate": rate, "billingo_rate": rate}
        stated = self.env["billingo.entry.check"]._stated(plan, values)
        return {**values, "billingo_amounts": stated}

    def _prepare_line(self, plan, position):
        """Return a line that the tax engine leaves exactly as Billingo has it.

        :param plan: a :class:`Plan`, still without values
        :param position: of the line in the document, from 0
        """
        document, line = plan.document, plan.booking.lines[position]
        tax, choice = plan.decision.taxes[position], plan.choices[position]
        vat, local_vat = self.env["billingo.vat.regime"]._vat_amounts(
            document, line, tax
        )
        quantity, price = float(line.quantity), float(line.unit_price)
        discount = float(line.discount)
        amounts = {
            "tax_amount_currency": float(vat),
            "tax_amount": float(local_vat),
            "base_amount_currency": float(line.net),
            "base_amount": float(line.local_net),
        }
        return {
            "name": "\n".join(filter(None, (line.name, line.comment))),
            "quantity": quantity,
            "price_unit": price,
            "discount": discount,
            "account_id": choice.account.id,
            "tax_ids": [Command.set(tax.ids)],
            "is_imported": True,
            **choice.values,
            "extra_tax_data": {
                "currency_id": document.currency_id.id,
                "price_unit": price,
                "discount": discount,
                "quantity": quantity,
                "rate": float(1 / plan.booking.rate),
                "manual_total_excluded_currency": float(line.net),
                "manual_total_excluded": float(line.local_net),
                "manual_tax_amounts": {str(tax.id): amounts},
                # What Billingo states, for when a user chooses another tax, and the
                # account, to see whether a user chooses another.
                "billingo": {
                    "account_id": choice.account.id,
                    "vat": float(line.vat),
                    "local_vat": float(line.local_vat),
                },
            },
        }

    def _prepare_difference(self, document, booking):
        """Return the line of what no rounding explains: one unit, without a tax."""
        if not booking.difference:
            return []
        is_sale = document.mode == "customer"
        is_income = (booking.difference > 0) == (is_sale != booking.is_refund)
        xmlid = "l10n_hu_969" if is_income else "l10n_hu_869"
        chart = self.env["account.chart.template"].with_company(document.company_id)
        account = chart.ref(xmlid, raise_if_not_found=False)
        account = account or document.connection_id.account_id
        return [
            {
                "name": self.env._("Rounding difference"),
                "quantity": 1,
                "price_unit": float(booking.difference),
                "account_id": account.id,
                "tax_ids": [Command.clear()],
                "is_imported": True,
            }
        ]

    def _prepare_number(self, document, parsed):
        """Return where Billingo's number goes: ours is the entry's own."""
        if document.mode == "customer":
            return {"name": parsed.invoice_number, "ref": parsed.order_number or False}
        return {"ref": parsed.invoice_number or False}

    def _move_type(self, document, parsed, booking):
        """Return Odoo's type; a credit note takes back a receipt, as in Odoo."""
        side = SIDES[document.mode]
        if booking.is_refund:
            return f"{side}_refund"
        kind = kind_of(parsed.type)
        is_receipt = kind.is_receipt and not kind.is_cancellation
        return f"{side}_{'receipt' if is_receipt else 'invoice'}"

    def _cash_rounding(self, document, booking):
        """Return the cash rounding of Billingo's step, ready for this company."""
        if not booking.rounding:
            return self.env["account.cash.rounding"]
        rounding = self.env.ref(ROUNDING_XMLID[int(booking.rounding_step)])
        rounding = rounding.with_company(document.company_id)
        chart = self.env["account.chart.template"].with_company(document.company_id)
        for name, xmlid in ROUNDING_ACCOUNTS.items():
            if not rounding[name]:
                rounding[name] = chart.ref(xmlid, raise_if_not_found=False)
        return rounding
