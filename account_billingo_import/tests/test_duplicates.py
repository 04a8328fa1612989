import itertools
import json
from datetime import date

from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..billingo_api.duplicate_rules import Verdict
from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import AccountBook, line
from .common import KEYS, BillingoCommon

SAME, ASK = Verdict.SAME, Verdict.ASK
SUSPECT, DIFFERENT = Verdict.SUSPECT, Verdict.DIFFERENT
# The bill is TP / 2026-000012 of Tölgyes Papír Kft. (19746308-2-13).
NUMBERS = {
    "as it is": "TP / 2026-000012",
    "zeros": "TP 2026-12",
    "case": "tp/2026/0012",
    "bare": "TP202612",
    "other": "TP / 2026-000013",
    "empty": False,
}
PARTNERS = {
    "number": {"name": "Somehow written", "vat": "19746308-2-13"},
    "EU number": {"name": "Somehow written", "vat": "HU19746308"},
    "name alone": {"name": "TÖLGYES PAPÍR KFT", "vat": False},
    "part of the name": {"name": "Tölgyes", "vat": False},
    "other name": {"name": "Vadgesztenye Bt.", "vat": False},
    "other number": {"name": "Vadgesztenye Bt.", "vat": "22109471-2-18"},
}
AMOUNTS = {"equal": 12700, "other": 12701, "unknown": None}
DAYS = {
    "equal": date(2026, 3, 4),
    "other": date(2026, 3, 5),
    "other year": date(2025, 3, 4),
    "unknown": False,
}
KNOWN = ("number", "EU number", "name alone")


def expected(number, partner, amount, day):
    """The matrix as a person would write it down; it holds in both orders."""
    is_alike = (amount, day) == ("equal", "equal")
    is_known, is_uncertain = partner in KNOWN, partner == "part of the name"
    if number in ("other", "empty"):
        if is_alike and (is_known or (is_uncertain and number == "empty")):
            return SUSPECT
        return DIFFERENT
    if is_known:
        if is_alike:
            return SAME
        return DIFFERENT if (amount, day) == ("other", "other year") else ASK
    if is_uncertain:
        if is_alike:
            return ASK
        return DIFFERENT if amount == "other" or day == "other year" else SUSPECT
    return SUSPECT if is_alike else DIFFERENT


class DuplicateCommon(BillingoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.supplier | cls.own).state = "active"
        partners = cls.env["res.partner"].with_context(no_vat_validation=True)
        cls.vendors = {
            name: partners.create({"is_company": True, **values})
            for name, values in PARTNERS.items()
        }
        cls.journal = cls.company_data["default_journal_purchase"]

    def _issue(self, *lines, number=12, day=DAYS["equal"], first_id=69_000_000):
        """Have the supplier issue a bill, fetch it, and return its document."""
        book = AccountBook(samples.SUPPLIER, "TP", first_id + number, day)
        raw = book.issue(samples.COMPANY, *(lines or [line("Papír", 10_000)]))
        raw |= {
            "invoice_number": f"TP / 2026-{number:06d}",
            "invoice_date": day.isoformat(),
            "fulfillment_date": day.isoformat(),
        }
        self.simulator.accounts.add(KEYS["supplier_key"], raw)
        self.supplier.next_fetch_at = False
        self.supplier.fetched_until = False
        self.supplier.action_fetch()
        document = self.supplier.document_ids.filtered(
            lambda x: x.billingo_id == str(raw["id"])
        )
        # Two of the partners have its tax number.
        document.sudo().partner_id = self.vendors["number"]
        return document

    def _empty_account(self):
        """Leave only what a test issues."""
        self.simulator.accounts.open(
            KEYS["supplier_key"],
            tax_code=samples.SUPPLIER.tax_number,
            expires="2031-12-31",
            blocks=[],
            documents=[],
        )

    def _values(self, number="as it is", partner="number", amount="equal", day="equal"):
        """Return the values of a bill that a person types."""
        price = AMOUNTS[amount]
        return {
            "move_type": "in_invoice",
            "journal_id": self.journal.id,
            "company_id": self.company.id,
            "partner_id": self.vendors[partner].id,
            "ref": NUMBERS[number],
            "invoice_date": DAYS[day],
            "invoice_line_ids": price
            and [
                Command.create(
                    {"name": "Typed", "price_unit": price, "tax_ids": [Command.clear()]}
                )
            ],
        }

    def _type(self, *cell, **named):
        return self.env["account.move"].create(self._values(*cell, **named))


@tagged("post_install", "-at_install")
class TestDuplicateMatrix(DuplicateCommon):
    """Number × partner × amount × day, whichever comes first."""

    def setUp(self):
        super().setUp()
        self._empty_account()
        self.document = self._issue()
        self.cells = [*itertools.product(NUMBERS, PARTNERS, AMOUNTS, DAYS)]

    def _create_all(self):
        values = [self._values(*cell) for cell in self.cells]
        return self.env["account.move"].create(values)

    def test_typed_bills_before_the_document(self):
        moves = self._create_all()
        service = self.env["billingo.duplicate.search"]
        candidates = service._candidates(self.document)
        bill = service._bill(self.document)
        for cell, move in zip(self.cells, moves, strict=True):
            verdict = service._compare(self.document, bill, move).verdict
            self.assertEqual(verdict, expected(*cell), cell)
            if verdict is not DIFFERENT:
                self.assertIn(move, candidates, f"not searched: {cell}")

    def test_typed_bills_after_the_document(self):
        self.document.action_process()
        self.assertEqual(self.document.move_id.state, "posted")
        moves = self._create_all()
        found = self.env["billingo.duplicate.search"]._alike_imported(moves)
        for cell, move in zip(self.cells, moves, strict=True):
            verdict = found[move][0].verdict if move in found else DIFFERENT
            self.assertEqual(verdict, expected(*cell), cell)

    def test_the_gravest_verdict_of_several_bills_counts(self):
        self._type("other")
        self._type(amount="other")
        same = self._type("case")
        finding = self.env["billingo.duplicate.search"]._find(self.document)
        self.assertEqual((finding.verdict, finding.move), (SAME, same))

    def test_what_was_searched_together_is_what_was_searched_alone(self):
        service = self.env["billingo.duplicate.search"]
        for cell in (("bare",), ("other",), ("as it is", "number", "other")):
            self._type(*cell)
        other = self._issue(line("Más", 5), number=99)
        both = self.document | other
        self.assertEqual(service._suspects(both), self.document)


@tagged("post_install", "-at_install")
class TestDuplicates(DuplicateCommon):
    """What becomes of a document that may be recorded already."""

    def setUp(self):
        super().setUp()
        self._empty_account()

    def test_same_bill_is_recorded_already(self):
        typed = self._type("bare", "EU number")
        document = self._issue()
        document.action_process()
        self.assertEqual(
            (document.state, document.skip_reason), ("skipped", "recorded")
        )
        self.assertEqual(document.move_id, typed)

    def test_same_number_with_another_amount_is_asked(self):
        typed = self._type(amount="other")
        document = self._issue()
        document.action_process()
        self.assertEqual((document.state, document.error_kind), ("error", "duplicate"))
        self.assertIn("the amount is different", document.error)
        action = document.alerts["error"]["action"]
        self.assertEqual(action["res_id"], typed.id)
        document.with_user(self.bookkeeper).action_is_recorded()
        self.assertEqual(
            (document.state, document.skip_reason), ("skipped", "recorded")
        )
        self.assertEqual(document.move_id, typed)

    def test_answer_another_bill_books_it(self):
        self._type(amount="other")
        document = self._issue()
        document.action_process()
        document.with_user(self.bookkeeper).action_is_distinct()
        self.assertEqual(document.state, "processed", document.error)
        self.assertEqual(document.move_id.state, "posted")

    def test_answer_holds_for_the_asked_entry_alone(self):
        self._type(amount="other")
        document = self._issue()
        document.action_process()
        another = self._type("zeros", day="other")
        document.action_is_distinct()
        self.assertEqual(document.error_kind, "duplicate")
        self.assertEqual(document._similar_move(), another)

    def test_like_bill_with_another_number_remains_a_draft(self):
        typed = self._type("other")
        document = self._issue()
        document.action_process()
        move = document.move_id
        self.assertEqual((document.state, move.state), ("processed", "draft"))
        self.assertEqual(document.duplicate_move_id, typed)
        self.assertFalse(document.remark)
        alert = move.alerts["billingo_duplicate"]
        self.assertIn("the number is different", alert["message"])
        self.assertEqual(alert["action"]["res_id"], typed.id)
        self.assertIn("duplicate", document.alerts)
        document.action_is_distinct()
        move.invalidate_recordset()
        self.assertNotIn("billingo_duplicate", move.alerts or {})
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_posting_a_suspected_duplicate_settles_the_suspicion(self):
        typed = self._type("other")
        document = self._issue()
        document.action_process()
        document.move_id.with_user(self.bookkeeper).action_post()
        self.assertFalse(document.duplicate_verdict)
        self.assertNotIn("duplicate", document.alerts or {})
        self.assertIn(typed, document.distinct_move_ids)
        said = document.move_id.message_ids.mapped("body")
        self.assertTrue([x for x in said if "another bill than" in x])

    def test_draft_that_is_recorded_already_is_deleted(self):
        typed = self._type("other")
        document = self._issue()
        document.action_process()
        draft = document.move_id
        document.with_user(self.bookkeeper).action_is_recorded()
        self.assertFalse(draft.exists())
        self.assertEqual((document.state, document.move_id), ("skipped", typed))

    def test_deleted_suspicion_is_asked_and_not_booked_again(self):
        self._type("other")
        document = self._issue()
        document.action_process()
        document.move_id.unlink()
        document.action_process()
        self.assertEqual((document.state, document.error_kind), ("error", "duplicate"))

    def test_two_alike_in_one_batch_leave_the_second_as_a_draft(self):
        book = AccountBook(samples.SUPPLIER, "TP", 69_500_000, date(2026, 3, 1))
        bills = samples.add_bills(book)
        self.vendors["EU number"].active = False
        self.supplier.action_fetch()
        for raw in (bills["first"], bills["twin"]):
            self.simulator.accounts.add(KEYS["supplier_key"], raw)
        self.supplier.fetched_until = False
        self._fetch()
        self._process()
        first, twin = (
            self.supplier.document_ids.filtered(
                lambda x, raw=raw: x.billingo_id == str(raw["id"])
            )
            for raw in (bills["first"], bills["twin"])
        )
        self.assertEqual(first.move_id.state, "posted")
        self.assertEqual(twin.move_id.state, "draft")
        self.assertEqual(twin.duplicate_move_id, first.move_id)

    def test_two_blocks_with_one_number_are_two_bills(self):
        self._issue()
        self._issue(line("Más", 5_000), day=date(2026, 3, 9), first_id=69_100_000)
        self._fetch()
        self._process()
        self.assertEqual(
            self.supplier.document_ids.mapped("move_id.state"), ["posted"] * 2
        )

    def test_one_number_amount_and_day_in_one_account_is_asked(self):
        first = self._issue()
        raw = first._raw() | {"id": 69_999_999}
        self.simulator.accounts.add(KEYS["supplier_key"], raw)
        self.supplier.fetched_until = False
        self._fetch()
        self._process()
        states = sorted(self.supplier.document_ids.mapped("state"))
        self.assertEqual(states, ["error", "processed"])

    def test_bill_of_nav_and_of_the_supplier_is_one_in_both_orders(self):
        self.vendors["EU number"].active = False
        spending = self._connect("spending", KEYS["own_key"])
        spending.write({"state": "active", "name": "Spendings"})
        for number, is_first in ((12, True), (14, False)):
            document = self._issue(number=number, day=date(2026, 3, number))
            raw = document._raw()
            made = samples.spendings.make_spending(
                5_700_000 + number,
                samples.SUPPLIER,
                f"tp/2026-{number}",
                raw["items"],
                invoice_date=raw["invoice_date"],
                fulfillment_date=raw["fulfillment_date"],
                due_date=raw["due_date"],
            )
            self.simulator.accounts.set_spendings(KEYS["own_key"], [made])
            spending.write({"next_fetch_at": False, "fetched_until": False})
            spending.action_fetch()
            [from_nav] = spending.document_ids.filtered(
                lambda x, made=made: x.billingo_id == str(made["id"])
            )
            pair = [document, from_nav] if is_first else [from_nav, document]
            for one in pair:
                one.action_process()
            self.assertEqual(pair[0].state, "processed", pair[0].error)
            self.assertEqual(pair[1].skip_reason, "recorded", pair[1].error)
            self.assertEqual(pair[1].move_id, pair[0].move_id)

    def test_cancelled_entry_releases_what_it_had_recorded(self):
        typed = self._type()
        document = self._issue()
        document.action_process()
        self.assertEqual(document.skip_reason, "recorded")
        typed.button_cancel()
        self.assertEqual((document.state, document.move_id.id), ("fetched", False))
        document.action_process()
        self.assertEqual(document.move_id.state, "posted")

    def test_cancelled_entry_releases_what_was_asked_about_it(self):
        typed = self._type(amount="other")
        document = self._issue()
        document.action_process()
        self.assertEqual(document.state, "error")
        typed.button_cancel()
        self.assertEqual(document.state, "fetched")

    def test_posted_entry_that_gets_another_number_releases_the_document(self):
        typed = self._type()
        typed.action_post()
        document = self._issue()
        document.action_process()
        self.assertEqual(document.skip_reason, "recorded")
        typed.with_user(self.bookkeeper).ref = "Something else"
        self.assertEqual((document.state, document.move_id.id), ("fetched", False))

    def test_draft_that_becomes_another_bill_releases_the_document(self):
        changes = (
            {"ref": "Something else"},
            {"partner_id": self.vendors["other number"].id, "ref": "Else"},
            {"move_type": "in_refund"},
        )
        for count, values in enumerate(changes, start=1):
            with self.subTest(values):
                document = self._issue(number=20 + count)
                typed = self._type()
                typed.ref = document.name
                document.action_process()
                self.assertEqual(document.skip_reason, "recorded")
                typed.with_user(self.bookkeeper).write(values)
                self.assertEqual(document.state, "fetched")

    def test_partner_of_an_entry_that_is_recorded_is_not_merged(self):
        typed = self._type()
        typed.action_post()
        document = self._issue()
        document.action_process()
        self.assertEqual(document.skip_reason, "recorded")
        target = self.vendors["other number"]
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        merge = wizard.create(
            {
                "partner_ids": (target | typed.partner_id).ids,
                "dst_partner_id": target.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Documents from Billingo name"):
            merge.action_merge()

    def test_entry_that_became_another_bill_releases_the_document(self):
        typed = self._type()
        document = self._issue()
        document.action_process()
        typed.ref = "Something else"
        typed.invoice_line_ids.price_unit = 5
        typed.action_post()
        self.assertEqual(document.state, "fetched")

    def test_typed_bill_that_is_imported_is_not_posted(self):
        document = self._issue()
        document.action_process()
        typed = self._type("bare")
        self.assertIn(document.move_id, typed.duplicated_ref_ids)
        self.assertIn("billingo_duplicate", typed.alerts)
        with self.assertRaises(RedirectWarning):
            typed.action_post()
        typed.with_user(self.bookkeeper).action_billingo_distinct()
        typed.action_post()
        self.assertEqual(typed.state, "posted")

    def test_typed_bill_that_is_alike_warns_and_can_be_posted(self):
        document = self._issue()
        document.action_process()
        typed = self._type("zeros", amount="other")
        self.assertIn("billingo_duplicate", typed.alerts)
        typed.action_post()
        self.assertEqual(typed.state, "posted")

    def test_typed_bill_that_is_alike_is_not_posted_by_itself(self):
        document = self._issue()
        document.action_process()
        self.company.autopost_bills = True
        typed = self._type("zeros", amount="other")
        typed.partner_id.autopost_bills = "always"
        typed._autopost_bill()
        self.assertEqual(typed.state, "draft")

    def test_uploaded_file_of_a_typed_bill_is_asked(self):
        self._type(amount="other")
        book = AccountBook(samples.SUPPLIER, "TP", 69_000_012, DAYS["equal"])
        raw = book.issue(samples.COMPANY, line("Papír", 10_000)) | {
            "invoice_number": NUMBERS["as it is"],
            "invoice_date": "2026-03-04",
        }
        journal = self.supplier.journal_id.with_user(self.bookkeeper)
        attachment = journal.env["ir.attachment"].create(
            {"name": "bill.json", "raw": json.dumps(raw).encode()}
        )
        with self.assertRaises(RedirectWarning) as caught:
            journal._create_document_from_attachment(attachment.ids)
        self.assertIn("another bill", str(caught.exception))

    def test_own_invoice_is_known_by_its_number_whoever_the_customer_is(self):
        self.own.action_fetch()
        document = self._document(self.own, 1)
        typed = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.company_data["default_journal_sale"].id,
                "partner_id": self.vendors["other name"].id,
                "company_id": self.company.id,
                "ref": "foly/2026-1",
                "invoice_date": document.invoice_date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Typed",
                            "price_unit": document.gross_total,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        document.action_process()
        self.assertEqual((document.skip_reason, document.move_id), ("recorded", typed))

    def test_own_invoices_alike_are_two(self):
        raw = samples.own_account().documents[0]
        self.simulator.accounts.add(
            KEYS["own_key"],
            raw | {"id": 72_900_001, "invoice_number": "FOLY / 2026-000091"},
        )
        self._fetch()
        self._process()
        for number in (1, 91):
            document = self._document(self.own, number)
            self.assertEqual(document.move_id.state, "posted", number)
