"""What this addon sends, received back: the same sums, parties, dates and keys."""

from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..maventa_api import documents_in
from .common_matrix import MatrixCommon
from .common_receive import MaventaReceiveCommon

FORMATS = {
    "FINVOICE30": "account.edi.xml.maventa_finvoice",
    "PEPPOLBIS30": "account.edi.xml.maventa_bis3",
}
GUISES = ("operator", "union")
RATES = ("13.5", "10")


@tagged("post_install", "-at_install")
class TestReceiveSent(MatrixCommon, MaventaReceiveCommon):
    def _files(self, moves, guise):
        """Yield format, move and bytes, for every format that the move may have."""
        self.partner_a.write(self.guises[guise])
        for name, model in FORMATS.items():
            builder = self.env[model]
            for move in moves:
                if name != "PEPPOLBIS30" or not builder._maventa_check(move):
                    yield name, move, builder._maventa_export(move, [])[1]

    def test_every_document_of_the_matrix_reads_back_equal(self):
        counts = dict.fromkeys(FORMATS, 0)
        for guise, half in zip(GUISES, self._posted(), strict=True):
            for name, move, file in self._files(half.values(), guise):
                with self.subTest(f"{name} {guise} {move.name}"):
                    self._assert_same(documents_in(file)[0], move)
                    counts[name] += 1
        self.assertEqual(counts["FINVOICE30"], 54)
        self.assertGreater(counts["PEPPOLBIS30"], 40)

    def _assert_same(self, document, move):
        figures, is_refund = document.figures, move.move_type == "out_refund"
        self.assertEqual(document.contradictions, ())
        sums = (figures.net, figures.vat, figures.total)
        wanted = (move.amount_untaxed, move.amount_tax, move.amount_total)
        self.assertEqual(sums, tuple(map(self._money, wanted)))
        bases = sum(group.base for group in figures.vat_groups)
        self.assertEqual(bases, figures.net)
        self.assertEqual(document.is_refund, is_refund)
        self.assertEqual(document.number, move.name)
        self.assertEqual(document.date, move.invoice_date)
        self.assertEqual(document.currency, move.currency_id.name)
        self.assertEqual(document.seller.vat, self.company.vat)
        self.assertEqual(document.buyer.vat, self.partner_a.vat)
        if not is_refund:
            self.assertEqual(document.due_date, move.invoice_date_due)
            bank = self.company.partner_id.bank_ids
            self.assertIn(bank.sanitized_acc_number, document.accounts)
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        self.assertGreaterEqual(len(document.rows), len(lines))

    def test_document_that_was_sent_is_received_as_an_equal_bill(self):
        taxes = self.env["maventa.chart.purchases"].sudo()
        for rate in RATES:
            taxes._create_for(self.company, Decimal(rate))
        half = self._posted(codes=("EUR",))[0]
        sample = self._sample("clean")
        for name, move, file in self._files(half.values(), "operator"):
            with self.subTest(f"{name} {move.name}"):
                draft = replace(
                    sample.draft, number=f"{name} {move.name}", source_format=name
                )
                receipt = self._receive(
                    replace(sample, draft=draft, formats={name: file})
                )
                bill = receipt.move_id
                self.assertEqual(bill.ref, move.name)
                if "rounding" in self._codes(receipt):
                    receipt.action_take_vat()
                self.assertEqual(
                    (bill.amount_untaxed, bill.amount_tax, bill.amount_total),
                    (move.amount_untaxed, move.amount_tax, move.amount_total),
                    receipt.points_text,
                )
                self.assertEqual(bill.move_type, move.move_type.replace("out_", "in_"))
                self.assertFalse({"totals", "contradiction"} & self._codes(receipt))

    def _money(self, value):
        return Decimal(f"{value:.2f}")
