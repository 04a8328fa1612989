import json

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..billingo_api.parsing import parse_document
from ..billingo_api.simulator import samples
from .common import BillingoCommon


@tagged("post_install", "-at_install")
class TestUploads(BillingoCommon):
    """An uploaded data file is booked like a fetched document."""

    def setUp(self):
        super().setUp()
        self.own_raws = samples.own_account().documents
        self.bills = [
            raw
            for raw in samples.supplier_account().documents
            if raw["document_partner"]["taxcode"] == samples.COMPANY.tax_number
        ]

    def _drop(self, journal, *raws, name="file.json"):
        """Do what the dashboard does with dropped files, as a bookkeeper."""
        journal = journal.with_user(self.bookkeeper)
        attachments = journal.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": raw if isinstance(raw, bytes) else json.dumps(raw).encode(),
                }
                for raw in raws
            ]
        )
        return journal._create_document_from_attachment(attachments.ids).sudo()

    def test_own_invoice_is_booked(self):
        raw = self.own_raws[0]
        move = self._drop(self.own.journal_id, raw)
        # Billingo has not confirmed it: see `TestUploadsUnconfirmed`.
        self.assertEqual((move.move_type, move.state), ("out_invoice", "draft"))
        self.assertEqual(move.name, raw["invoice_number"])
        self.assertEqual(move.amount_total, raw["gross_total"])
        document = move.billingo_document_id
        self.assertEqual(document.source, "upload")
        self.assertEqual(document._raw(), raw)
        self.assertEqual((document.state, document.pdf_state), ("processed", "waiting"))

    def test_uploaded_and_fetched_entries_are_equal(self):
        raw = self.own_raws[10]
        dropped = self._drop(self.own.journal_id, raw)
        fields = (
            *("move_type", "name", "ref", "partner_id", "journal_id"),
            *("date", "invoice_date", "invoice_date_due", "delivery_date"),
            *("amount_total", "amount_tax_signed", "payment_reference"),
        )
        by_hand = dropped.read(fields)[0]
        lines = ("name", "balance", "amount_currency", "account_id", "tax_ids")
        lines_by_hand = dropped.line_ids.read(lines)
        dropped.unlink()
        self.own.state = "active"
        self._fetch()
        self._process()
        [document] = self.own.document_ids.filtered(
            lambda x: x.billingo_id == str(raw["id"])
        )
        self.assertEqual(document.state, "processed", document.error)
        move = document.move_id
        fetched = move.read(fields)[0]
        self.assertEqual(by_hand | {"id": 0}, fetched | {"id": 0})
        for before, now in zip(lines_by_hand, move.line_ids.read(lines), strict=True):
            self.assertEqual(before | {"id": 0}, now | {"id": 0})

    def test_bill_from_another_journal_goes_to_the_connections_journal(self):
        raw = self.bills[0]
        journal = self.company_data["default_journal_purchase"]
        move = self._drop(journal, raw)
        self.assertEqual((move.move_type, move.state), ("in_invoice", "posted"))
        self.assertEqual(move.ref, raw["invoice_number"])
        self.assertEqual(move.journal_id, self.supplier.journal_id)

    def test_several_files_at_once_are_booked(self):
        move = self._drop(self.own.journal_id, *self.own_raws[:2])
        self.assertEqual(len(move), 2)
        documents = move.billingo_document_id
        self.assertEqual(set(documents.mapped("state")), {"processed"})

    def test_second_upload_is_refused(self):
        raw = self.own_raws[0]
        move = self._drop(self.own.journal_id, raw)
        with self.assertRaises(RedirectWarning) as caught:
            self._drop(self.own.journal_id, raw)
        self.assertIn(move.name, caught.exception.args[0])
        self.assertEqual(caught.exception.args[1]["res_id"], move.id)
        self.own.state = "active"
        self._fetch()
        self._process()
        self.assertEqual(
            self.env["account.move"].search_count([("name", "=", move.name)]), 1
        )

    def test_recorded_by_hand_is_refused(self):
        invoice = self._create_invoice_one_line(
            move_type="out_invoice", product_id=self.product_a
        )
        names = ("invoice_number", "invoice_date", "gross_total")
        self._enter(invoice, *(self.own_raws[0][name] for name in names))
        with self.assertRaises(RedirectWarning) as caught:
            self._drop(self.own.journal_id, self.own_raws[0])
        self.assertEqual(caught.exception.args[1]["res_id"], invoice.id)

    def test_errors_redirect_to_the_document(self):
        with self.assertRaises(RedirectWarning) as caught:
            self._drop(self.own.journal_id, self.own_raws[0] | {"gross_total": 5})
        self.assertIn("158242", caught.exception.args[0])
        self.assertEqual(caught.exception.args[1]["res_model"], "billingo.document")

    def test_uploaded_document_is_not_read_from_billingo_unless_it_is_there(self):
        wrong = parse_document(self.own_raws[0] | {"gross_total": 5})
        store = self.env["billingo.document.store"].sudo()
        document = store._store_new(self.own.sudo(), [wrong])
        document.write({"source": "upload", "seen_at": False})
        document.action_process()
        alert = document.alerts["error"]
        self.assertNotIn("action_call", alert)
        self.assertIn("upload the new file", alert["message"])
        document.seen_at = "2026-05-01 10:00:00"  # Billingo lists it
        self.assertEqual(
            document.alerts["error"]["action_call"][1], "action_read_again"
        )

    def test_file_of_another_company_is_refused(self):
        with self.assertRaises(RedirectWarning) as caught:
            self._drop(self.supplier.journal_id, self.own_raws[0])
        self.assertIn("Folyami", caught.exception.args[0])
        strange = self.bills[0] | {
            "document_partner": self.bills[0]["document_partner"]
            | {"taxcode": "11111111-2-41"}
        }
        with self.assertRaises(RedirectWarning):
            self._drop(self.supplier.journal_id, strange)
        self.assertFalse(self.supplier.document_ids)

    def test_kinds_that_are_not_booked_are_refused(self):
        kinds = {
            "draft": "Draft",
            "offer": "Offer",
            "proforma": "Pro forma invoice",
            "new_type": "new_type",
            "": "?",
        }
        for kind, words in kinds.items():
            with self.assertRaises(UserError) as caught:
                self._drop(self.own.journal_id, self.own_raws[0] | {"type": kind})
            self.assertIn(f"has the type {words} at", str(caught.exception))

    def test_other_files_are_left_to_odoo(self):
        raw = json.dumps(self.own_raws[0]).encode()
        move = self._drop(self.own.journal_id, raw, name="scan.txt")
        self.assertFalse(move.billingo_document_id)
        self.assertNotIn("not imported", self._said(move))

    def test_damaged_or_unknown_file_explains_the_error(self):
        whole = json.dumps(self.own_raws[0]).encode()
        odd = {
            b" ": "is empty",
            whole[:-9]: "at line 1, column ",
            b"\xff\xfe\xff": "is damaged",
            b"[" * 100_000: "is damaged",
            b"5": "is damaged",
            b"[]": "contains a list",
            b'{"id": 1, "items": []}': "Missing: invoice_number, organization, type",
        }
        for content, words in odd.items():
            with self.subTest(content[:20]):
                move = self._drop(self.own.journal_id, content)
                self.assertEqual((move.state, move.amount_total), ("draft", 0))
                self.assertFalse(move.billingo_document_id)
                self.assertIn(words, self._said(move))
                self.assertIn("file.json not imported", self._said(move))
                [kept] = self.env["ir.attachment"].search(
                    [("res_model", "=", "account.move"), ("res_id", "=", move.id)]
                )
                self.assertEqual(kept.raw, content)

    def test_damaged_file_among_others_is_reported(self):
        whole = json.dumps(self.bills[0]).encode()
        moves = self._drop(self.supplier.journal_id, b"{", whole)
        self.assertEqual(sorted(moves.mapped("state")), ["draft", "posted"])
        [draft] = moves.filtered(lambda x: x.state == "draft")
        self.assertIn("is damaged", self._said(draft))
        self.assertFalse("not imported" in self._said(moves - draft))

    def _said(self, move):
        return "".join(message.body for message in move.message_ids)

    def test_file_on_existing_entry_explains_where_to_upload(self):
        move = self.env["account.move"].create({"move_type": "in_invoice"})
        attachment = self.env["ir.attachment"].create(
            {"name": "b.json", "raw": json.dumps(self.bills[0]).encode()}
        )
        move._extend_with_attachments(move._to_files_data(attachment))
        self.assertIn("Billingo data file", self._said(move))
        self.assertFalse(move.invoice_line_ids)

    def test_spending_is_booked(self):
        costs = self._connect("spending", "test-own")
        raw = samples.own_spendings()[0]
        move = self._drop(costs.journal_id, raw)
        self.assertEqual(
            (move.move_type, move.ref), ("in_invoice", raw["invoice_number"])
        )
        self.assertEqual(move.billingo_document_id.connection_id, costs)

    def test_partner_autopost_does_not_apply(self):
        self.own.is_auto_post = False
        self.supplier.is_auto_post = False
        move = self._drop(self.supplier.journal_id, self.bills[0])
        self.assertEqual(move.state, "draft")
        self.company.autopost_bills = True
        move.partner_id.autopost_bills = "always"
        move = self._drop(self.supplier.journal_id, self.bills[1])
        self.assertEqual(move.state, "draft")
