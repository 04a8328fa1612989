"""From a document to the values of its entry, with Billingo's amounts to the unit.

Which tax, account, date, partner and original it gets is decided by services of their
own; integrators extend those, or ``_prepare_move`` and ``_prepare_line`` here.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.fields import Command
from odoo.tools.mail import plaintext2html

from ..billingo_api import Original, book
from ..billingo_api.booking import Booking
from ..billingo_api.errors import MismatchError
from ..billingo_api.kinds import kind_of
from ..billingo_api.messages import Document
from ..exceptions import DocumentProblem

SIDES = {"customer": "out", "supplier": "in", "spending": "in"}
ROUNDING_XMLID = {
    1: "l10n_hu_edi.cash_rounding_1_huf",
    5: "account_billingo_import.cash_rounding_5_huf",
    10: "account_billingo_import.cash_rounding_10_huf",
}
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
    :ivar values: of the entry
    """

    document: models.BaseModel
    parsed: Document
    booking: Booking
    relatives: models.BaseModel
    values: dict


class BillingoMoveBuilder(models.AbstractModel):
    _name = "billingo.move.builder"
    _description = "Entries of Billingo documents"

    # === PUBLIC === #

    def _plan(self, document):
        """Check all that can be checked without an entry, and prepare its values.

        Writes nothing but a new partner or bank account.

        :return: a :class:`Plan`
        :raise DocumentProblem, MismatchError: why it cannot be booked
        """
        document.ensure_one()
        self._check_connection(document)
        parsed = document._parsed()
        relatives = document._relatives()
        self._check_currency(document, parsed)
        links = self.env["billingo.document.links"]
        original = links._original(document, relatives)
        booking = self._checked_amounts(document, parsed, original)
        values = self._prepare_move(document, parsed, booking, original)
        self.env["billingo.accounting.date"]._check_open(document, values["date"])
        self.env["billingo.duplicates"]._check_number(document, values)
        return Plan(document, parsed, booking, relatives, values)

    def _check_move(self, document, move, booking):
        """Compare the entry with Billingo to the last unit, in both currencies.

        :raise MismatchError: an amount differs
        :raise DocumentProblem: Odoo gave it another number
        """
        sign = move.direction_sign

        def total(display_type, field):
            lines = move.line_ids.filtered(lambda x: x.display_type == display_type)
            return sum(lines.mapped(field)) * sign

        pairs = (
            ("net", booking.net, total("product", "amount_currency")),
            ("vat", booking.vat, total("tax", "amount_currency")),
            ("rounding", booking.rounding, total("rounding", "amount_currency")),
            ("total", booking.gross, move.amount_total),
        )
        local = (
            ("local", booking.local_net, total("product", "balance")),
            ("local", booking.local_vat, total("tax", "balance")),
        )
        for currency, checks in (
            (move.currency_id, pairs),
            (move.company_currency_id, local),
        ):
            for code, wanted, got in checks:
                if currency.compare_amounts(float(wanted), got):
                    raise MismatchError(code, code, wanted, round(got, 4))
        if document.mode == "customer" and move.name != document.name:
            raise DocumentProblem(
                "number_differs", odoo=move.name, billingo=document.name
            )

    def _remark(self, plan, move):
        """Return what a user should know of the amounts and the date, or False."""
        remarks = []
        if not plan.booking.is_exact:
            remarks.append(
                self.env._(
                    "Net, VAT and gross at Billingo do not add up: net %(net)s, VAT "
                    "%(vat)s, gross %(gross)s. The entry uses gross minus net as VAT "
                    "and remains a draft.",
                    net=plan.parsed.summary.net_amount,
                    vat=plan.parsed.summary.vat_amount,
                    gross=plan.parsed.gross_total,
                )
            )
        dates = self.env["billingo.accounting.date"]
        wanted = dates._wanted(plan.document, plan.parsed)
        if move.date != wanted:
            remarks.append(dates._moved_text(wanted, move.date))
        return "\n".join(remarks) or False

    def _corrections_text(self, document):
        """Return what a user corrected, for the entry."""
        rows = [self.env._("Processed with corrections by a user:")]
        if date := document._corrected_date():
            rows.append(self.env._("Accounting date: %s", date))
        for position in sorted(document.corrections.get("lines", {}), key=int):
            chosen = document._corrected_line(position)
            names = [x.display_name for x in chosen.values()]
            rows.append(
                self.env._(
                    "Line %(number)s: %(chosen)s",
                    number=int(position) + 1,
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

    def _checked_amounts(self, document, parsed, original):
        """Return the ``Booking`` of a document.

        :param original: the record that it amends, may be empty
        """
        known = None
        links = self.env["billingo.document.links"]
        if original:
            content = original._parsed()
            known = Original(
                type=content.type,
                gross_total=links._signed_gross(original, content),
                is_final=content.type == "invoice" and bool(content.related_documents),
            )
        return book(
            parsed,
            step=Decimal(str(document.currency_id.rounding)),
            local_step=Decimal(str(document.company_id.currency_id.rounding)),
            original=known,
        )

    # === VALUES === #

    def _prepare_move(self, document, parsed, booking, original):
        """Return the values of the entry.

        The rate and the delivery date go in together: setting the date afterwards
        would make Odoo take its own rate again.
        """
        connection = document.connection_id
        lines = [
            self._prepare_line(document, line, position, booking)
            for position, line in enumerate(booking.lines)
        ]
        # All refusals come before a partner is created.
        matcher = self.env["billingo.partner.matcher"]
        partner = matcher._partner(document, parsed, booking, original)
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
            "date": dates._chosen(document, parsed),
            "delivery_date": parsed.fulfillment_date or parsed.invoice_date,
            "invoice_date_due": parsed.due_date or parsed.invoice_date,
            "invoice_payment_term_id": False,
            "invoice_cash_rounding_id": self._cash_rounding(document, booking).id,
            "payment_reference": parsed.invoice_number,
            "narration": parsed.comment and plaintext2html(parsed.comment),
            "invoice_line_ids": [Command.create(line) for line in lines],
            **self.env["billingo.document.links"]._prepare_origin(
                parsed, booking, original
            ),
            **self._prepare_number(document, parsed),
        }
        mode = PAYMENT_MODES.get(parsed.payment_method)
        if mode:
            values["l10n_hu_payment_mode"] = mode
        if document.currency_id != document.company_id.currency_id:
            values["invoice_currency_rate"] = float(1 / booking.rate)
        return values

    def _prepare_line(self, document, line, position, booking):
        """Return a line that the tax engine leaves exactly as Billingo has it."""
        regime = self.env["billingo.vat.regime"]
        tax = regime._tax(document, line, position)
        vat, local_vat = regime._vat_amounts(document, line, tax)
        account = self.env["billingo.account.rules"]._account(document, line, position)
        quantity, price = float(line.quantity), float(line.unit_price)
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
            "account_id": account.id,
            "tax_ids": [Command.set(tax.ids)],
            "is_imported": True,
            "extra_tax_data": {
                "currency_id": document.currency_id.id,
                "price_unit": price,
                "discount": 0.0,
                "quantity": quantity,
                "rate": float(1 / booking.rate),
                "manual_total_excluded_currency": float(line.net),
                "manual_total_excluded": float(line.local_net),
                "manual_tax_amounts": {str(tax.id): amounts},
            },
        }

    def _prepare_number(self, document, parsed):
        """Return where Billingo's number goes: ours is the entry's own."""
        if document.mode == "customer":
            return {"name": parsed.invoice_number, "ref": parsed.order_number or False}
        return {"ref": parsed.invoice_number}

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
