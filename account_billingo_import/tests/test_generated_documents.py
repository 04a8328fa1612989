from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import line
from .common import KEYS, BillingoCommon
from .generated import Generator

FLAWS = 0.2  # every fifth document contradicts itself


def exact(value):
    return Decimal(str(round(value, 2))).normalize()


@tagged("post_install", "-at_install")
class TestGeneratedDocuments(BillingoCommon):
    """Generated documents are booked equal to Billingo's figures, or refused.

    Two thousand more go through the mapper alone, in the tests of its package.

    A failure names the seed and the document; a seed always makes the same ones.
    """

    def setUp(self):
        super().setUp()
        self.page_size = 100

    def _run_account(self, connection, generator, count):
        """Fetch and process generated documents; return them by their ids."""
        found = generator.documents(count, flaws=FLAWS)
        account = generator.account
        self.simulator.accounts.open(
            connection.api_key,
            tax_code=account.seller.tax_number,
            expires="2031-12-31",
            blocks=account.blocks,
            documents=[x.raw for x in found],
        )
        connection.write({"state": "active", "receipt_policy": "issue"})
        rows = self.env["billingo.tax.map"].search(
            [("company_id", "=", self.company.id), ("direction", "=", "sale")]
        )
        rows.is_post_allowed = True
        self._fetch()
        self.assertEqual(len(connection.document_ids), count)
        self._process()
        return {str(x.raw["id"]): x for x in found}

    def _assert_equal_or_refused(self, seed, connection, by_id):
        states = Counter()
        for document in connection.document_ids:
            one = by_id[document.billingo_id]
            with self.subTest(seed=seed, flaw=one.flaw, number=document.name):
                self.assertIn(document.state, ("processed", "error"))
                if document.state == "error":
                    self._assert_refused(document, one)
                else:
                    self._assert_equal(document, one, by_id)
            states[document.state, document.move_id.state] += 1
        moves = self.env["account.move"].search_count(
            [("journal_id", "=", connection.journal_id.id)]
        )
        processed = connection.document_ids.filtered("move_id")
        self.assertEqual(moves, len(processed), f"seed {seed}: an entry too many")
        return states

    def _assert_refused(self, document, one):
        self.assertTrue(one.flaw or one.is_odd, document.error)
        self.assertEqual(document.error_kind, "amounts", document.error)
        self.assertTrue(document.error)
        self.assertFalse(document.move_id)

    def _assert_equal(self, document, one, by_id):
        """Compare the entry with Billingo's own figures, not with the mapper's."""
        self.assertFalse(one.flaw)
        raw, move = one.raw, document.move_id
        summary, sums = raw["summary"], self._sums(move)
        self.assertEqual(abs(exact(raw["gross_total"])), exact(move.amount_total))
        self.assertEqual(exact(sum(move.line_ids.mapped("balance"))), 0)
        self.assertEqual(move.move_type, self._expected_type(document, raw, by_id))
        if move.state == "draft":
            is_open = one.is_odd or one.has_own_tax_point
            self.assertTrue(is_open or self._waits(document, raw))
            self.assertTrue(document.remark)
            return
        lines = move.line_ids.filtered(lambda x: x.display_type == "product")
        self.assertEqual(len(lines), len(raw["items"]))
        self.assertEqual(abs(exact(summary["net_amount"])), sums["product"])
        self.assertEqual(abs(exact(summary["net_amount_local"])), sums["product_local"])
        self.assertEqual(abs(exact(summary["vat_amount"])), sums["tax"])
        self.assertEqual(abs(exact(summary["vat_amount_local"])), sums["tax_local"])

    def _waits(self, document, raw):
        """Tell whether a document amends another one that is not posted."""
        if raw["type"] not in ("cancellation", "modification"):
            return False
        ids = [str(other["id"]) for other in raw["related_documents"]]
        originals = document.connection_id.document_ids.filtered(
            lambda x: x.billingo_id in ids
        )
        return bool(originals) and originals.move_id.mapped("state") != ["posted"]

    def _sums(self, move):
        sums = {}
        for kind in ("product", "tax"):
            lines = move.line_ids.filtered(lambda x, k=kind: x.display_type == k)
            sums[kind] = abs(exact(sum(lines.mapped("amount_currency"))))
            sums[f"{kind}_local"] = abs(exact(sum(lines.mapped("balance"))))
        return sums

    def _expected_type(self, document, raw, by_id):
        gross = raw["gross_total"]
        if raw["type"] == "cancellation":
            original = by_id[str(raw["related_documents"][0]["id"])].raw
            gross = -1 if original["gross_total"] >= 0 else 1
        kind = "refund" if gross < 0 else "invoice"
        return f"{'out' if document.mode == 'customer' else 'in'}_{kind}"

    def test_line_without_vat_because_of_rounding_is_booked(self):
        book = Generator(1, samples.SUPPLIER).account
        raw = book.issue(
            samples.COMPANY, line("Tasak", 1), line("Toll", 400), line("Alma", 9, "5%")
        )
        self.assertEqual([x["vat_amount"] for x in raw["items"]], [0, 108, 0])
        self.simulator.accounts.add(self.supplier.api_key, raw)
        self.supplier.state = "active"
        self.supplier.action_fetch()
        document = self.supplier.document_ids.filtered(
            lambda x: x.billingo_id == str(raw["id"])
        )
        document.action_process()
        self.assertEqual((document.error, document.move_id.state), (False, "posted"))
        self.assertEqual(document.move_id.amount_tax, 108)

    def test_own_documents_are_equal_or_refused(self):
        seed = 20260404
        by_id = self._run_account(self.own, Generator(seed), 170)
        states = self._assert_equal_or_refused(seed, self.own, by_id)
        self.assertGreater(states["processed", "posted"], 85, states)
        self.assertGreater(states["error", False], 15, states)
        self.assertGreater(states["processed", "draft"], 2, states)

    def test_supplier_documents_are_equal_or_refused(self):
        seed = 20260513
        generator = Generator(seed, samples.SUPPLIER, samples.COMPANY)
        by_id = self._run_account(self.supplier, generator, 80)
        states = self._assert_equal_or_refused(seed, self.supplier, by_id)
        self.assertGreater(states["processed", "posted"], 40, states)
        self.assertEqual(self.supplier.api_key, KEYS["supplier_key"])
