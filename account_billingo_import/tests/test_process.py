from decimal import Decimal

from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import BillingoCommon


def exact(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


@tagged("post_install", "-at_install")
class TestProcess(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def _sums(self, move):
        """Net, VAT, rounding and gross of an entry, and the first two in forint."""
        sign = move.direction_sign
        kinds = {
            kind: move.line_ids.filtered(lambda x, kind=kind: x.display_type == kind)
            for kind in ("product", "tax", "rounding")
        }
        return {
            kind: exact(sum(lines.mapped("amount_currency")) * sign)
            for kind, lines in kinds.items()
        } | {
            f"{kind}_local": exact(sum(lines.mapped("balance")) * sign)
            for kind, lines in kinds.items()
        }

    def _assert_equal_to_billingo(self, document, raw):
        """Compare with the service's own JSON, independently of the mapper."""
        move = document.move_id
        self.assertEqual(move.state, "posted", document.name)
        summary = raw["summary"]
        sums = self._sums(move)
        with self.subTest(document.name, type=raw["type"]):
            self.assertEqual(sums["product"], abs(exact(summary["net_amount"])))
            self.assertEqual(sums["tax"], abs(exact(summary["vat_amount"])))
            self.assertEqual(exact(move.amount_tax), abs(exact(summary["vat_amount"])))
            self.assertEqual(exact(move.amount_total), abs(exact(raw["gross_total"])))
            self.assertEqual(
                exact(move.amount_untaxed) - sums["rounding"],
                abs(exact(summary["net_amount"])),
            )
            self.assertEqual(
                sums["product_local"], abs(exact(summary["net_amount_local"]))
            )
            self.assertEqual(sums["tax_local"], abs(exact(summary["vat_amount_local"])))
            numbers = (move.name, move.ref)
            self.assertIn(raw["invoice_number"], numbers)
            self.assertEqual(str(move.invoice_date), raw["invoice_date"])
            self.assertEqual(str(move.date), raw["fulfillment_date"])
            self.assertEqual(str(move.invoice_date_due), raw["due_date"])

    def test_whole_set_to_the_forint(self):
        self._fetch()
        self._process()
        booked = {"invoice", "advance", "cancellation", "modification"}
        for connection, account, expected in (
            (self.supplier, samples.supplier_account(), 32),
            (self.own, samples.own_account(), 37),
        ):
            documents = connection.document_ids
            self.assertFalse(
                [
                    (x.name, x.error) for x in documents if x.state != "processed"
                ]
            )
            ours = [
                raw
                for raw in account.documents
                if raw["type"] in booked
                and (
                    connection == self.own
                    or raw["document_partner"]["taxcode"] == samples.COMPANY.tax_number
                )
            ]
            self.assertEqual(len(ours), expected)
            self.assertEqual(len(documents), expected)
            by_id = {document.billingo_id: document for document in documents}
            for raw in ours:
                self._assert_equal_to_billingo(by_id[str(raw["id"])], raw)
