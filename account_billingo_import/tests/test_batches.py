from unittest.mock import patch

from odoo.tests import tagged

from ..billingo_api.simulator import samples
from ..services.processor import BillingoProcessor
from .common import KEYS, BillingoCommon

# Places in the sample accounts: invoices, an advance with its final invoice, stornos.
OURS = (0, 1, 2, *range(15, 26))
THEIRS = (*range(5), 17, 18)


@tagged("post_install", "-at_install")
class TestBatches(BillingoCommon):
    """Documents booked together get the same entries as one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"

    def setUp(self):
        super().setUp()
        self._leave(KEYS["own_key"], samples.own_account(), OURS)
        self._leave(KEYS["supplier_key"], samples.supplier_account(), THEIRS)

    def _leave(self, key, book, places):
        """Leave only some documents in an account."""
        self.simulator.accounts.open(
            key,
            tax_code=book.seller.tax_number,
            expires="2031-12-31",
            blocks=book.blocks,
            documents=[book.documents[place] for place in places],
        )

    def _watch(self):
        """Note how many documents each attempt to book had."""
        attempts = []
        book = BillingoProcessor._book

        def watched(processor, plans, **options):
            attempts.append(len(plans))
            return book(processor, plans, **options)

        self.patch(BillingoProcessor, "_book", watched)
        return attempts

    def test_files_of_a_page_are_stored_together(self):
        made, attachments = [], type(self.env["ir.attachment"])
        create = attachments.create

        def watched(records, values):
            made.append(len(values))
            return create(records, values)

        self.page_size = 100
        with patch.object(attachments, "create", watched):
            self._fetch()
        documents = (self.own | self.supplier).document_ids
        self.assertEqual(
            sorted(made),
            sorted(map(len, (self.own.document_ids, self.supplier.document_ids))),
        )
        for document in documents:
            raw = document._raw()
            self.assertEqual(str(raw["id"]), document.billingo_id)
            self.assertEqual(
                document.reference_ids.mapped("billingo_id"),
                [str(other["id"]) for other in raw["related_documents"]],
            )

    def test_originals_are_booked_together_and_amendments_singly(self):
        self._fetch()
        attempts = self._watch()
        self._process()
        documents = (self.own | self.supplier).document_ids
        self.assertEqual(set(documents.mapped("state")), {"processed"})
        followers = documents.filtered("is_amendment")
        self.assertEqual(attempts.count(1), len(followers))
        self.assertEqual(sum(attempts), len(documents))
        self.assertLess(len(attempts), len(followers) + 6)

    def test_odoo_counts_lines_and_compares_entries_once_for_a_batch(self):
        self._leave(KEYS["own_key"], samples.own_account(), ())
        bills = samples.supplier_account()
        originals = [
            place
            for place in THEIRS
            if bills.documents[place]["type"] not in ("cancellation", "modification")
        ]
        self._leave(KEYS["supplier_key"], bills, originals)
        self._fetch()
        accounts, moves = (
            self.registry[x] for x in ("account.account", "account.move")
        )
        with (
            patch.object(
                accounts, "_get_most_frequent_account_for_partner", return_value=False
            ) as counted,
            patch.object(
                moves, "_fetch_duplicate_reference", return_value={}
            ) as compared,
        ):
            self._process()
        self.assertEqual(
            set(self.supplier.document_ids.mapped("move_id.state")), {"posted"}
        )
        self.assertGreater(len(self.supplier.document_ids), 2)
        self.assertEqual((counted.call_count, compared.call_count), (1, 0))

    def test_error_before_booking_keeps_the_batch(self):
        self._fetch()
        wrong = self._document(self.own, 1)
        self._alter(wrong, gross_total=1)
        attempts = self._watch()
        self._process()
        self.assertEqual((wrong.state, wrong.error_kind), ("error", "amounts"))
        others = (self.own | self.supplier).document_ids - wrong
        self.assertEqual(set(others.mapped("state")), {"processed"})
        self.assertEqual(sum(attempts), len(others))

    def test_two_documents_with_one_number_have_one_entry(self):
        twin = self._twin_number(72_999_100)
        self._fetch()
        attempts = self._watch()
        self._process()
        twins = self._by_id(twin) | self._by_id(self._raw(1)["id"])
        self.assertEqual(sorted(twins.mapped("state")), ["error", "processed"])
        self.assertIn(twins[0].name, "".join(filter(None, twins.mapped("error"))))
        others = self.own.document_ids - twins
        self.assertEqual(set(others.mapped("state")), {"processed"})
        self.assertGreater(max(attempts), 5, "the others stay together")
        self.assertEqual(len(self.own.document_ids.move_id), len(others) + 1)

    def test_refused_document_creates_no_partner(self):
        raw = self._raw(1)
        item = raw["items"][0] | {"vat": "13%"}
        new = {"name": "Never Seen Kft.", "taxcode": "", "id": 1}
        changes = {
            "id": 72_999_200,
            "invoice_number": "FOLY / 2026-900200",
            "items": [item],
            "document_partner": raw["document_partner"] | new,
        }
        self.simulator.accounts.add(KEYS["own_key"], raw | changes)
        self._fetch()
        self._process()
        self.assertEqual(self._by_id(72_999_200).error_kind, "tax")
        self.assertFalse(
            self.env["res.partner"].search([("name", "=", "Never Seen Kft.")])
        )

    def test_locked_document_is_left_to_the_other_worker(self):
        self._fetch()
        taken = self._document(self.own, 1)
        lock = type(taken).try_lock_for_update
        self.patch(
            type(taken), "try_lock_for_update", lambda docs, **kw: lock(docs - taken)
        )
        self._process()
        self.assertEqual((taken.state, len(taken.move_id)), ("fetched", 0))
        others = self.own.document_ids - taken
        self.assertEqual(set(others.mapped("state")), {"processed"})

    def test_unforeseen_errors_stay_with_their_document(self):
        self._fetch()
        odd = self._document(self.own, 2)
        builders = type(self.env["billingo.move.builder"])
        check = builders._check_move

        def fail(builder, plan, move):
            if plan.document == odd:
                raise ZeroDivisionError
            return check(builder, plan, move)

        with (
            patch.object(builders, "_check_move", fail),
            self.assertLogs(
                "odoo.addons.account_billingo_import.services.processor",
                "ERROR",
            ),
        ):
            self._process()
        self.assertEqual(odd.state, "error")
        self.assertIn("ZeroDivisionError", odd.error)
        others = self.own.document_ids - odd
        self.assertEqual(set(others.mapped("state")), {"processed"})

    def _raw(self, number):
        _total, documents = self.simulator.accounts.documents(KEYS["own_key"])
        return [x for x in documents if x["invoice_number"].endswith(f"-{number:06d}")][
            -1
        ]

    def _twin_number(self, billingo_id):
        raw = self._raw(1) | {"id": billingo_id}
        self.simulator.accounts.add(KEYS["own_key"], raw)
        return billingo_id

    def _by_id(self, billingo_id):
        return self.own.document_ids.filtered(
            lambda x: x.billingo_id == str(billingo_id)
        )
