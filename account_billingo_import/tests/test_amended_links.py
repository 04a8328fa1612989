from unittest.mock import patch

from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestAmendedLinks(BillingoCommon):
    """Two at work, and stornos of stornos."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def _booked(self, connection, number):
        document = self._document(connection, number)
        document.action_process()
        self.assertEqual(document.state, "processed", document.error)
        return document.move_id

    def _unseen(self):
        """Let an entry not see the other one, whose worker has not committed."""
        links = type(self.env["billingo.document.links"])
        return patch.object(links, "_link", lambda *_args: None)

    def test_storno_booked_while_its_original_is_processed_is_linked(self):
        self._fetch()
        storno = self._booked(self.own, 24)
        with self._unseen():
            original = self._booked(self.own, 23)
        self.assertFalse(storno.reversed_entry_id)
        self._process()
        self.assertEqual(storno.reversed_entry_id, original)
        self.assertEqual(original.payment_state, "reversed")
        self.assertFalse(self._document(self.own, 24).is_link_due)

    def test_storno_that_is_locked_waits_for_the_next_run(self):
        self._fetch()
        storno = self._booked(self.own, 24)
        with self._unseen():
            original = self._booked(self.own, 23)
        documents = type(self.env["billingo.document"])
        with patch.object(
            documents, "try_lock_for_update", lambda self, **_kwargs: self.browse()
        ):
            self.env["billingo.document.links"].sudo()._link_due()
        self.assertFalse(storno.reversed_entry_id)
        self._process()
        self.assertEqual(storno.reversed_entry_id, original)

    def test_drafts_of_original_and_storno_settle_each_other(self):
        self.own.is_auto_post = False
        self._fetch()
        original = self._booked(self.own, 23)
        storno = self._booked(self.own, 24)
        self.assertEqual(storno.reversed_entry_id, original)
        (storno | original).action_post()
        self.assertEqual(original.payment_state, "reversed")
        self.assertEqual(storno.amount_residual, 0)

    def _undo_storno(self, number, sign, name):
        """Have Billingo cancel a storno, and fetch that."""
        storno = self._document(self.own, number)._raw()
        raw = storno | {
            "id": 72_800_000 + number,
            "invoice_number": f"FOLY / 2026-{name:06d}",
            "related_documents": [
                {"id": storno["id"], "invoice_number": storno["invoice_number"]}
            ],
        }
        book = samples.own_account()
        [original] = [
            x for x in book.documents if x["id"] == storno["related_documents"][0]["id"]
        ]
        names = ("gross_total", "items", "summary")
        if sign > 0:
            raw |= {x: original[x] for x in names}
        self.simulator.accounts.add(KEYS["own_key"], raw)
        self.own.fetched_until = False
        self._fetch()

    def test_storno_of_a_storno_reopens_the_original(self):
        self._fetch()
        original = self._booked(self.own, 25)
        storno = self._booked(self.own, 26)
        self.assertEqual(original.payment_state, "reversed")
        for name, sign in ((90, 1),):
            self._undo_storno(26, sign, name)
            undone = self._booked(self.own, name)
            self.assertEqual(undone.move_type, "out_invoice")
            self.assertEqual(undone.reversed_entry_id, storno)
            self.assertEqual(original.payment_state, "not_paid")
            self.assertEqual(original.amount_residual, original.amount_total)
            self.assertEqual((storno | undone).mapped("amount_residual"), [0, 0])

    def test_storno_of_a_storno_with_the_sign_of_the_storno(self):
        self._fetch()
        original = self._booked(self.own, 23)
        storno = self._booked(self.own, 24)  # with positive amounts
        self._undo_storno(24, -1, 91)
        undone = self._booked(self.own, 91)
        self.assertEqual(undone.move_type, "out_invoice")
        self.assertEqual(undone.reversed_entry_id, storno)
        self.assertEqual(original.payment_state, "not_paid")

    def test_storno_of_a_storno_before_both(self):
        self._fetch()
        self._undo_storno(26, 1, 92)
        undone = self._booked(self.own, 92)
        self.assertEqual(undone.move_type, "out_invoice")
        storno = self._booked(self.own, 26)
        original = self._booked(self.own, 25)
        self.assertEqual(undone.reversed_entry_id, storno)
        self.assertEqual(storno.reversed_entry_id, original)
        self.assertEqual(original.amount_residual, original.amount_total)
        self.assertEqual((storno | undone).mapped("amount_residual"), [0, 0])

    def test_later_storno_of_the_original_is_not_taken_for_one_of_the_storno(self):
        self._fetch()
        self._booked(self.supplier, 24)
        less = self._booked(self.supplier, 25)
        undone = self._booked(self.supplier, 26)
        self.assertEqual(undone.reversed_entry_id, less)
