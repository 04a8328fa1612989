"""No form is locked by an odd value in the database."""

from datetime import date

from odoo.tests import tagged

from ..corrections import read_corrections
from ..stored_values import read_object, read_remedy
from .common import BillingoCommon

ODD = (
    *("x", 5, True, [], ["x"], {"x": 1}, {"date": 5}, {"date": "2026-13-01"}),
    *({"date": {"x": 1}, "lines": "x"}, {"lines": {"x": {}, "-1": {}, "0": "x"}}),
    {"lines": {"0": {"tax_id": "x", "account_id": [1]}}},
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestStoredValues(BillingoCommon):
    def test_document_is_shown_and_processed_whatever_its_corrections_are(self):
        self.own.state = "active"
        self._fetch()
        documents = self.own.document_ids.filtered(lambda x: x.state == "fetched")
        for odd, document in zip(ODD, documents, strict=False):
            with self.subTest(corrections=odd):
                document.sudo().corrections = odd
                document.invalidate_recordset()
                self.assertTrue(document.sudo().read())
                values = {"document_id": document.id, "date": "2026-01-01"}
                dialog = self.env["billingo.correct"].create(values)
                self.assertTrue(dialog.read())
                document.action_process()

    def test_odd_corrections_correct_nothing(self):
        for odd in ODD:
            with self.subTest(corrections=odd):
                day, lines = read_corrections(odd)
                self.assertIsNone(day)
                self.assertFalse(any(lines.values()))

    def test_good_corrections_are_kept(self):
        stored = {"date": "2026-03-02", "lines": {"1": {"tax_id": 7, "account_id": 8}}}
        self.assertEqual(
            read_corrections(stored),
            (date(2026, 3, 2), {1: {"tax_id": 7, "account_id": 8}}),
        )

    def test_good_remedies_are_kept(self):
        stored = {
            "row_id": 7,
            "partner_ids": [7, 8],
            "vat_code": "27%",
            "country": None,
        }
        self.assertEqual(read_remedy(stored), stored)

    def test_odd_remedies_count_as_missing(self):
        for odd in (*ODD, {"row_id": "x", "partner_ids": [[]], "vat_code": {}}):
            with self.subTest(stored=odd):
                self.assertFalse({"row_id", "partner_ids"} & read_remedy(odd).keys())

    def test_text_that_is_no_object_is_read_as_none(self):
        for odd in (False, "", "x", "[1]", "{", "5"):
            with self.subTest(text=odd):
                self.assertEqual(read_object(odd), {})
        self.assertEqual(read_object('{"a": 1}'), {"a": 1})
