"""Generated and broken documents: equal to the cent, or a draft that says both sums."""

import random
from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..maventa_api.simulator.samples import Allowed, DraftRow, sample_of
from .common_receive import MaventaReceiveCommon, all_samples

DOCUMENTS = 60
BROKEN = 60
WEIGHED = 20
RATES = [
    (Decimal("25.5"), "S"),
    (Decimal("14"), "S"),
    (Decimal("13.5"), "S"),
    (Decimal("10"), "S"),
    (Decimal("0"), "Z"),
    (Decimal("0"), "E"),
]
CENT = Decimal("0.01")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceiveProperty(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["maventa.chart.purchases"].sudo()
        for rate, _code in RATES:
            if not taxes._of_chart(cls.company, rate):
                taxes._create_for(cls.company, rate)

    def test_generated_documents_are_equal_or_say_both_sums(self):
        chance = random.Random(15)
        drafts = {}
        for number in range(DOCUMENTS):
            draft = self._draft(chance, f"G-{number}")
            drafts[draft.number] = draft
            self._arrive(sample_of(draft))
        receipts = self._fetch()
        self.assertEqual(len(receipts.move_id), DOCUMENTS)
        for receipt in receipts:
            draft, move = drafts[receipt.number], receipt.move_id
            with self.subTest(receipt.number, kind=draft.source_format):
                sign = -1 if draft.total < 0 else 1
                sums = [move.amount_untaxed, move.amount_tax, move.amount_total]
                wanted = [draft.net * sign, draft.vat * sign, draft.total * sign]
                is_equal = list(map(self._money, sums)) == wanted
                says_so = bool({"totals", "rounding"} & self._codes(receipt))
                self.assertTrue(is_equal or says_so, receipt.points_text)
                if draft.source_format == "FINVOICE30":
                    self.assertTrue(is_equal, receipt.points_text)
                    self.assertFalse(says_so, receipt.points_text)

    def test_peppol_bills_by_weight_are_equal_to_the_cent(self):
        chance = random.Random(17)
        drafts = {}
        for number in range(WEIGHED):
            rows = [self._weighed(chance) for _row in range(chance.randint(3, 12))]
            draft = replace(
                all_samples()["clean"].draft,
                number=f"KG-{number}",
                rows=tuple(rows),
                allowed=(),
                source_format="PEPPOLBIS30",
            )
            drafts[draft.number] = draft
            self._arrive(sample_of(draft))
        for receipt in self._fetch():
            draft, move = drafts[receipt.number], receipt.move_id
            with self.subTest(receipt.number):
                sums = [move.amount_untaxed, move.amount_total]
                nets = move.invoice_line_ids.mapped("price_subtotal")
                self.assertEqual([*map(self._money, sums)], [draft.net, draft.total])
                self.assertEqual(
                    [*map(self._money, nets)], [row.net for row in draft.rows]
                )

    def test_broken_files_are_never_lost_and_stop_nothing(self):
        chance = random.Random(16)
        kinds = [all_samples()[key] for key in ("plain", "peppol_germany", "framed")]
        for number in range(BROKEN):
            sample = chance.choice(kinds)
            name = sample.draft.source_format
            formats = {**sample.formats, name: self._broken(chance, sample, name)}
            draft = replace(sample.draft, number=f"X-{number}")
            self._arrive(replace(sample, draft=draft, formats=formats))
        receipts = self._fetch()
        firsts = receipts.filtered(lambda row: not row.document_index)
        self.assertEqual(len(firsts), BROKEN)
        self.assertFalse(receipts.filtered("error").mapped("error"))
        done = {"billed", "review", "duplicate", "unreadable", "not_a_bill"}
        self.assertLessEqual(set(receipts.mapped("state")), done)
        for receipt in receipts:
            self.assertTrue(receipt.move_id or receipt.state == "not_a_bill")
            self.assertEqual(receipt.move_id.state or "draft", "draft")

    def _draft(self, chance, number):
        """Return an invoice or credit note with rows of every kind."""
        base = all_samples()["clean"].draft
        is_credit = chance.random() < 0.3
        return replace(
            base,
            number=number,
            rows=tuple(self._row(chance) for _row in range(chance.randint(1, 6))),
            allowed=tuple(
                self._allowed(chance) for _one in range(chance.randint(0, 2))
            ),
            kind="INV02" if is_credit else "INV01",
            kind_un="381" if is_credit else "380",
            source_format=chance.choice(["FINVOICE30", "FINVOICE30", "PEPPOLBIS30"]),
        )

    def _row(self, chance):
        rate, code = chance.choice(RATES)
        quantity = Decimal(chance.choice([1, 2, 3, 7, 12])) / chance.choice([1, 2, 4])
        price = Decimal(chance.randint(1, 99999)) / chance.choice([100, 1000])
        gross = (price * quantity).quantize(CENT)
        percent = Decimal(chance.choice([0, 0, 10, 33]))
        discount = (gross * percent / 100).quantize(CENT)
        return DraftRow(
            "Row",
            gross - discount,
            rate,
            code,
            quantity=quantity,
            price=price,
            discount=discount,
            discount_percent=percent or None,
        )

    def _weighed(self, chance):
        """Return a row by weight, to the gram."""
        rate, code = chance.choice(RATES[:4])
        quantity = Decimal(chance.randint(1, 20000)) / 1000
        price = Decimal(chance.randint(50, 9000)) / 100
        net = (price * quantity).quantize(CENT)
        return DraftRow("Row", net, rate, code, quantity=quantity, price=price)

    def _allowed(self, chance):
        rate, code = chance.choice(RATES)
        amount = Decimal(chance.randint(1, 500)) / 100
        return Allowed(amount, chance.random() < 0.5, "Reason", rate, code)

    def _broken(self, chance, sample, name):
        """Return the bytes of a sample with a few of them changed, cut or doubled."""
        data = bytearray(sample.formats[name])
        for _change in range(chance.randint(1, 4)):
            place = chance.randrange(len(data))
            way = chance.choice(["flip", "cut", "double", "drop"])
            if way == "flip":
                data[place] = chance.randrange(256)
            elif way == "drop":
                del data[place : place + chance.randint(1, 40)]
            elif way == "double":
                data[place:place] = data[place : place + chance.randint(1, 200)]
            elif chance.random() < 0.3:
                del data[max(place, 1) :]
        return bytes(data) or b"x"

    def _money(self, value):
        return Decimal(f"{value:.2f}")
