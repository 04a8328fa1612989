from itertools import product

from odoo import Command

from .common_finvoice import FinvoiceCommon

LONG = "Pitkä – selitys “lainauksin”, € ja ł ja 🙂, jossa on paljon sanoja. " * 14

# Nobody to whom the tax can be shifted, and what the user reads
WITHOUT_NUMBER = {"person": "requires the tax number", "third": "does not fit a sale"}


class MatrixCommon(FinvoiceCommon):
    """Documents of every kind, type and currency, and guises of the customer."""

    OPTIONS = (
        {
            "payment_reference": "12345672",
            "narration": False,
            "ref": False,
            "delivery_date": False,
        },
        {
            "payment_reference": "RF18 5390 0754 7034",
            "narration": f"<p>Kiitos &amp; näkemiin</p><p>{LONG}</p>",
            "ref": "Tilaus 7/2026",
            "delivery_date": "2026-03-01",
        },
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.SEK").active = True
        cls.env.ref("base.USD").active = True
        fi, de, us = (cls.env.ref(f"base.{code}").id for code in ("fi", "de", "us"))
        find = cls.env["res.partner"]._maventa_operator
        operator, bank = find("BAWCFI22").id, find("NDEAFIHH").id
        nobody = {
            **cls._customer("Aino Asiakas", False, False),
            "is_company": False,
            "street2": False,
            "edicode": False,
            "einvoice_operator_id": False,
            "company_registry": False,
            "peppol_eas": False,
            "peppol_endpoint": False,
        }
        finnish = nobody | cls._customer("Jää Oy", "FI12345671", "a@jaa.example")
        german = nobody | cls._customer("Schnee GmbH", "DE123456788", "a@s.example")
        german |= {"country_id": de, "edicode": "0204:991-1-6"}
        american = nobody | cls._customer("Snow " + "of Alaska " * 9, False, False)
        cls.guises = {
            "operator": finnish
            | {"edicode": "003712345671", "einvoice_operator_id": operator},
            "bank": finnish
            | {"edicode": "FI2112345600000785", "einvoice_operator_id": bank}
            | {"street": "PL 1", "street2": LONG[:90]},
            "looked up": finnish,
            "union": german,
            "third": american | {"country_id": us, "zip": "99501"},
            "person": nobody | {"country_id": fi},
        }

    def _kinds(self):
        standard, reduced = self.standard, self.reduced
        return {
            "plain": [("Snow", 1, 100, 0, standard)],
            "rates": [
                ("Snow", 3, 33.33, 0, standard),
                ("Ice", 7, 1.07, 0, reduced),
                ("Free", 1, 9.99, 0, self.zero),
            ],
            "discounts": [
                ("Snow", 3, 19.99, 12.5, standard),
                ("Ice", 1, 50, 100, standard),
                ("Half", 0.5, 3.333, 33.333, reduced),
            ],
            "header": [
                ("Snow", 1, 100, 0, standard),
                ("Ice", 1, 40, 0, reduced),
                ("Discount 10 %", 1, -10, 0, standard),
                ("Discount 10 %", 1, -4, 0, reduced),
            ],
            "included": [("Snow", 3, 9.99, 0, self.included)],
            "reverse": [("Roof", 2, 50, 0, self.reverse)],
            "zero": [("Snow", 4, 25.25, 5, self.zero)],
            "fraction": [("Snow", 0.333, 1234.56789, 0, standard)],
            "long": [(f"{LONG}\nsecond line\n\tthird", 1, 10, 0, standard)],
        }

    def _posted(self, codes=("EUR", "SEK", "USD"), without=()):
        """Return one document of each kind, type and currency, in two halves.

        Each half has every kind with every type and with every currency, but types
        and currencies in turns: what differs in two ways (the customer's guise, the
        options) may take the halves in turns, and meets every pair, in half the time.
        """
        kinds = {key: rows for key, rows in self._kinds().items() if key not in without}
        types = ("out_invoice", "out_refund")
        halves = {}, {}
        for (kind, rows), (place, move_type), (turn, code) in product(
            kinds.items(), enumerate(types), enumerate(codes)
        ):
            dressed = kind in ("rates", "long")
            lines = self._dressed(rows) if dressed else self._lines(*rows)
            currency = self.env.ref(f"base.{code}")
            halves[(place + turn) % 2][f"{kind}-{move_type}-{code}"] = self._document(
                lines, move_type=move_type, currency_id=currency.id
            )
        return halves

    def _dressed(self, rows):
        """Return the lines between a heading and a note."""
        words = (("line_section", "Talvi"), ("line_note", f"Huom.\n{LONG}"))
        first, last = (
            Command.create({"display_type": kind, "name": text}) for kind, text in words
        )
        return [first, *self._lines(*rows), last]
