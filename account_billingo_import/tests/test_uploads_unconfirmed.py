"""A file is no answer of Billingo: it overwrites nothing, and waits to be confirmed."""

import json

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon


@tagged("post_install", "-at_install")
class TestUploadsUnconfirmed(BillingoCommon):
    def setUp(self):
        super().setUp()
        self.raw = samples.own_account().documents[0]
        self.bills = [
            raw
            for raw in samples.supplier_account().documents
            if raw["document_partner"]["taxcode"] == samples.COMPANY.tax_number
        ]

    def _drop(self, journal, *raws):
        """Do what the dashboard does with dropped files, as a bookkeeper."""
        journal = journal.with_user(self.bookkeeper)
        files = [{"name": "x.json", "raw": json.dumps(raw).encode()} for raw in raws]
        attachments = journal.env["ir.attachment"].create(files)
        return journal._create_document_from_attachment(attachments.ids).sudo()

    def _refused(self, raw):
        """Drop a file that is refused; return what the user reads.

        What was committed before stays, as in a real request.
        """
        try:
            self._drop(self.own.journal_id, raw)
        except RedirectWarning as warning:
            self.env.invalidate_all()
            return warning.args[0]
        self.fail("not refused")

    def _delivered(self, raw):
        """Return the document of data that the connection has delivered."""
        self.own.state = "active"
        self._fetch()
        return self.own.document_ids.filtered(lambda x: x.billingo_id == str(raw["id"]))

    # === WHAT A CONNECTION DELIVERED === #

    def test_file_does_not_overwrite_what_billingo_delivered(self):
        document = self._delivered(self.raw)
        before = document._raw()
        forged = self.raw | {"fulfillment_date": "2026-01-02"}
        with self.assertRaises(RedirectWarning) as caught:
            self._drop(self.own.journal_id, forged)
        self.assertIn("was not taken", caught.exception.args[0])
        self.assertEqual(caught.exception.args[1]["res_id"], document.id)
        self.env.invalidate_all()
        self.assertEqual((document._raw(), document.source), (before, "connection"))
        self.assertEqual(document.state, "fetched")

    def test_same_file_processes_what_billingo_delivered(self):
        document = self._delivered(self.raw)
        move = self._drop(self.own.journal_id, self.raw)
        self.assertEqual((move, move.state), (document.move_id, "posted"))
        self.assertEqual(document.source, "connection")

    def test_failed_upload_replaces_nothing(self):
        first = self.raw | {"gross_total": 5}
        self.assertIn("158242", self._refused(first))
        document = self.own.document_ids
        told = self._refused(self.raw | {"gross_total": 7})
        self.assertIn(": the amount at Billingo is 7", told)
        self.assertEqual((document._raw(), document.state), (first, "error"))

    def test_corrected_file_replaces_an_earlier_file(self):
        self._refused(self.raw | {"gross_total": 5})
        document = self.own.document_ids
        move = self._drop(self.own.journal_id, self.raw)
        self.assertEqual((document.move_id, document._raw()), (move, self.raw))
        self.assertFalse(document.nav_status)

    # === WHAT NOBODY HAS CONFIRMED === #

    def test_invoice_by_file_is_a_draft_that_says_why(self):
        self.assertEqual(self.raw["online_szamla_status"], "done")
        move = self._drop(self.own.journal_id, self.raw)
        document = move.billingo_document_id
        self.assertEqual(move.state, "draft")
        self.assertIn("not confirmed it", document.remark)
        self.assertFalse(document.nav_status)
        self.assertEqual(document.nav_status_text, "Not confirmed by Billingo")
        alert = move.alerts["billingo_remark"]["message"]
        self.assertIn("not confirmed it", alert)
        self.assertIn("unconfirmed", document.alerts)

    def test_clerk_does_not_post_an_invented_invoice(self):
        invented = self.raw | {"id": 99887766, "invoice_number": "BIL-2026-000999"}
        move = self._drop(self.own.journal_id, invented)
        theirs = move.with_user(self.bookkeeper)
        theirs.is_billingo_difference_accepted = True
        for post in (theirs.action_post, lambda: theirs.write({"state": "posted"})):
            with self.assertRaisesRegex(UserError, "not confirmed it"):
                post()
        self.assertEqual(move.state, "draft")
        self.own.state = "active"
        with self.assertRaises(UserError):
            move.billingo_document_id.with_user(self.bookkeeper).action_read_again()
        self._fetch()
        self.assertEqual(
            (move.state, move.billingo_document_id.source), ("draft", "upload")
        )

    def test_administrator_posts_it_on_the_own_responsibility(self):
        move = self._drop(self.own.journal_id, self.raw)
        move = move.with_env(self.env)  # who may administrate
        with self.assertRaises(UserError):
            move.action_post()
        move.is_billingo_difference_accepted = True
        move.action_post()
        said = "".join(move.message_ids.mapped("body"))
        self.assertIn("although Billingo has not confirmed the file", said)

    def test_billingo_confirms_it_when_asked(self):
        move = self._drop(self.own.journal_id, self.raw)
        document = move.billingo_document_id
        self.own.state = "active"
        document.with_user(self.bookkeeper).action_read_again()
        self.assertEqual((document.source, move.state), ("connection", "posted"))
        self.assertEqual(document.nav_status, self.raw["online_szamla_status"])
        self.assertNotIn("unconfirmed", document.alerts or {})
        self.assertFalse(document.has_question)

    def test_billingo_confirms_it_with_the_next_fetch(self):
        move = self._drop(self.own.journal_id, self.raw)
        document = self._delivered(self.raw)
        self.assertEqual(document.source, "connection")
        self._process()
        self.assertEqual((document.move_id, move.state), (move, "posted"))

    def test_confirmed_draft_is_for_people_where_nothing_is_posted(self):
        self.own.is_auto_post = False
        move = self._drop(self.own.journal_id, self.raw)
        self._delivered(self.raw)
        self._process()
        self.assertEqual(move.state, "draft")
        self.assertFalse(move.billingo_document_id.has_question)
        move.with_user(self.bookkeeper).action_post()
        self.assertEqual(move.state, "posted")

    def test_other_data_at_billingo_confirm_nothing(self):
        move = self._drop(
            self.own.journal_id, self.raw | {"fulfillment_date": "2026-01-02"}
        )
        document = self._delivered(self.raw)
        self._process()
        self.assertTrue(document.is_changed)
        self.assertEqual((document.source, move.state), ("upload", "draft"))
        restore = move.alerts["billingo_changed"]["action_call"][1]
        getattr(move.with_user(self.bookkeeper), restore)()
        self.assertEqual((document.source, document._raw()), ("connection", self.raw))
        self.assertFalse(document.has_question)
        move.with_user(self.bookkeeper).action_post()
        self.assertEqual(str(move.delivery_date), self.raw["fulfillment_date"])

    # === WHOSE CONNECTION IT IS === #

    def test_file_does_not_decide_whose_account_a_connection_is(self):
        seller = self.bills[0]["organization"] | {"tax_number": "11111111-2-41"}
        strange = self.bills[0] | {"id": 99887766, "organization": seller}
        self._drop(self.supplier.journal_id, strange)
        self._drop(self.own.journal_id, self.raw)
        self.assertFalse(self.supplier.organization_tax_number)
        self.assertFalse(self.own.organization_tax_number)
        self.supplier.action_check()
        self.assertFalse(self.supplier.error)
        self.assertTrue(self.supplier.organization_tax_number)

    def test_number_from_an_earlier_file_does_not_lock_the_connection(self):
        self._drop(self.supplier.journal_id, self.bills[0])
        self.supplier.organization_tax_number = "11111111-2-41"
        self.supplier.action_check()
        self.assertFalse(self.supplier.error)

    # === DATES === #

    def test_date_that_cannot_be_is_told(self):
        far = {"invoice_date": "9999-12-31", "fulfillment_date": "9999-12-31"}
        far |= {"due_date": "9999-12-31"}
        for connection, raw in ((self.own, self.raw), (self.supplier, self.bills[0])):
            move = self._drop(connection.journal_id, raw | far)
            self.assertEqual(move.state, "draft")
            told = move.alerts["billingo_remark"]["message"]
            self.assertIn("9999-12-31", told)
            self.assertIn("not plausible", told)
            self.assertIn("9999-12-31", "".join(move.message_ids.mapped("body")))

    def test_confirmation_is_of_the_right_account(self):
        move = self._drop(self.own.journal_id, self.raw)
        self.simulator.accounts.remove(KEYS["own_key"], self.raw["id"])
        self.own.state = "active"
        with self.assertRaises(UserError):
            move.billingo_document_id.action_read_again()
        self.assertEqual(move.state, "draft")
