"""All that depends on a kind of documents stands in one place."""

from unittest.mock import patch

from odoo.tests import tagged

from ..billingo_api.kinds import KINDS, DocumentKind, kind_of
from .common import KEYS, BillingoCommon

NEW = DocumentKind("prepaid", "Prepaid invoice", ("invoices",), is_booked=True)


@tagged("post_install", "-at_install")
class TestKinds(BillingoCommon):
    def test_new_kind_is_one_line(self):
        self.own.state = "active"
        _total, documents = self.simulator.accounts.documents(KEYS["own_key"])
        raw = documents[-1] | {
            "id": 72_999_500,
            "invoice_number": "FOLY / 2026-900500",
            "type": NEW.code,
        }
        self.simulator.accounts.add(KEYS["own_key"], raw)
        with patch.dict(KINDS, {NEW.code: NEW}):
            self._fetch()
            document = self._document(self.own, 900_500)
            self.assertEqual(document.kind_text, "Prepaid invoice")
            document.action_process()
            self.assertEqual(document.state, "processed", document.error)
            self.assertEqual(document.move_id.move_type, "out_invoice")

    def test_unknown_kind_is_not_booked(self):
        self.assertFalse(kind_of("unheard_of").is_booked)
        self.assertFalse(kind_of(None).is_amendment)
        self.assertNotIn("unheard_of", self.own._wanted_kinds())

    def test_wanted_kinds_follow_the_groups_of_the_connection(self):
        self.own.write({"has_advances": False, "has_proformas": True})
        self.assertEqual(
            self.own._wanted_kinds(),
            {"invoice", "cancellation", "modification", "proforma"},
        )
