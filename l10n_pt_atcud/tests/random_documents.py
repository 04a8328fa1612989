"""Random sales documents, and what of their QR code is not what was booked."""

import random
from decimal import Decimal

from odoo import Command

from ..at_series import QrDocument, lisbon_date, qr_payload

RATES = (0, 6, 13, 23, 16)
_AMOUNTS = frozenset(
    [space + field for space in "IJK" for field in "2345678"] + list("LMNOP")
)


class RandomDocuments:
    """Documents over both directions, two currencies, and many taxes of each rate.

    :param env: of a user who may make taxes, in the company that issues
    :param values: of every document: journal, customer
    """

    def __init__(self, env, seed=11, **values):
        self.env = env
        self._random = random.Random(seed)
        self._values = values
        self._currencies = (env.company.currency_id, self._dollar())
        self._taxes = self._make_taxes()

    def make(self, number):
        """Return new drafts."""
        moves = [self._document() for _number in range(number)]
        return self.env["account.move"].create(moves)

    def _document(self):
        return {
            **self._values,
            "move_type": self._random.choice(("out_invoice",) * 3 + ("out_refund",)),
            "invoice_date": lisbon_date(),
            "currency_id": self._random.choice(self._currencies).id,
            "invoice_line_ids": [
                self._line() for _number in range(self._random.randint(1, 5))
            ],
        }

    def _line(self):
        return Command.create(
            {
                "name": "Azulejo",
                "quantity": self._random.choice((1, 3, 7, 0.333, 12.5, 1999)),
                "price_unit": round(self._random.uniform(0.01, 60), 2),
                "discount": self._random.choice((0, 0, 0, 7.5, 33.33)),
                "tax_ids": [Command.set(self._random.choice(self._taxes).ids)],
            }
        )

    def _make_taxes(self):
        """Return choices of taxes for a line: several of each rate, price included."""
        withheld = self._tax(-11.5, "withheld")
        choices = [
            self._tax(0, "not subject", l10n_pt_atcud_level="not_subject"),
            self._tax(0.5, "stamp duty", l10n_pt_atcud_level="stamp_duty"),
        ]
        for rate in RATES:
            taxes = [self._tax(rate, number) for number in range(4)]
            choices += [*taxes, taxes[0] + withheld]
        return choices

    def _tax(self, rate, name, **values):
        portugal = self.env.ref("base.pt").id
        group = {"name": f"{rate} {name}", "country_id": portugal}
        is_included = name in (1, 3)
        reason = self.env.ref("l10n_pt_atcud.exemption_reason_m99")
        return self.env["account.tax"].create(
            {
                "name": f"{rate} % {name}",
                "amount": rate,
                "type_tax_use": "sale",
                "country_id": portugal,
                "price_include_override": f"tax_{'in' if is_included else 'ex'}cluded",
                "tax_group_id": self.env["account.tax.group"].create(group).id,
                "l10n_pt_atcud_exemption_reason_id": not rate and reason.id,
                **values,
            }
        )

    def _dollar(self):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        rates = self.env["res.currency.rate"].sudo()
        rates.create(
            {
                "currency_id": dollar.id,
                "company_id": self.env.company.id,
                "name": lisbon_date(),
                "rate": 1.0837,
            }
        )
        return dollar


def read(payload):
    """Return the fields of a QR code's text."""
    return dict(part.split(":", 1) for part in payload.split("*"))


def payload_of_draft(move):
    """Return the text of the code that a draft would get, with a head of no matter."""
    amounts = move.env["l10n_pt_atcud.fiscal_amounts"].of_document(move)
    return qr_payload(
        QrDocument(
            issuer_nif="509987656",
            customer_nif="999999990",
            customer_country="PT",
            document_type="FT",
            status="N",
            date=move.invoice_date,
            number="FT A/1",
            atcud="ABCDEFGH-1",
            signature="abcd",
            certificate_number="9",
            **amounts,
        )
    )


def differences(move, payload):
    """Return amounts of a payload that are not those of the entry: (said, booked)."""
    amount = {
        field: Decimal(value)
        for field, value in read(payload).items()
        if field in _AMOUNTS
    }

    def said(*fields):
        return sum(amount.get(field, 0) for field in fields)

    def booked(lines):
        return abs(Decimal(f"{sum(lines.mapped('balance')):.2f}"))

    owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
    taxes = move.line_ids.filtered("tax_line_id")
    withheld = taxes.filtered(
        lambda line: line.tax_line_id.l10n_pt_atcud_level == "withholding"
    )
    bases = said("L", *(space + field for space in "IJK" for field in "2357"))
    vat = said("M", *(space + field for space in "IJK" for field in "468"))
    pairs = {
        "bases": (bases, booked(move.line_ids - owed - taxes)),
        "taxes": (vat, booked(taxes - withheld)),
        "N": (said("N"), booked(taxes - withheld)),
        "P": (said("P"), booked(withheld)),
        "O": (said("O"), bases + vat),
        "owed": (said("O") - said("P"), booked(owed)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
