import itertools
import json
from datetime import date

from odoo.exceptions import RedirectWarning
from odoo.fields import Command
from odoo.tests import tagged

from ..billingo_api.duplicate_rules import Verdict
from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import AccountBook, line
from ..billingo_api.simulator.samples.parties import SUPPLIER
from ..billingo_api.simulator.samples.spendings import make_spending
from .common import KEYS, BillingoCommon

SAME, ASK = Verdict.SAME, Verdict.ASK
SUSPECT, DIFFERENT = Verdict.SUSPECT, Verdict.DIFFERENT
NUMBERS = ("zeros", "other", "empty")
AMOUNTS = ("equal", "other")
DAYS = {
    "equal": date(2026, 3, 4),
    "other": date(2026, 3, 5),
    "other year": date(2025, 3, 4),
}
CELLS = tuple(itertools.product(NUMBERS, AMOUNTS, DAYS))
# One Billingo account numbers its own documents: none is without a number.
NUMBERED = tuple(cell for cell in CELLS if cell[0] != "empty")


def expected(number, amount, day):
    """The verdict for two bills of one seller, whichever door each came by."""
    if number != "zeros":
        return SUSPECT if (amount, day) == ("equal", "equal") else DIFFERENT
    if (amount, day) == ("equal", "equal"):
        return SAME
    return DIFFERENT if (amount, day) == ("other", "other year") else ASK


def expected_in_one_account(*cell):
    """What the issuer numbers apart is two, unless all of it is the same."""
    verdict = expected(*cell)
    return {SAME: ASK, ASK: DIFFERENT}.get(verdict, verdict)


@tagged("post_install", "-at_install")
class TestDuplicateDoors(BillingoCommon):
    """Door × order × number × amount × day: the same verdict, whichever came first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page_size = 100
        cls.costs = cls._connect("spending", KEYS["own_key"])
        cls.second = cls._connect("supplier", "test-second")
        cls.connections = cls.supplier | cls.costs | cls.second
        cls.connections.write({"state": "active", "start_date": "2024-01-01"})
        cls.vendor = cls.env["res.partner"].create(
            {"name": SUPPLIER.name, "vat": SUPPLIER.tax_number, "is_company": True}
        )

    def setUp(self):
        super().setUp()
        self.book = AccountBook(SUPPLIER, "TP", 94_000_000, DAYS["equal"])
        for key in (KEYS["supplier_key"], self.second.api_key):
            self._open(key)
        self._open(KEYS["own_key"], samples.COMPANY)

    def _open(self, key, party=SUPPLIER):
        self.simulator.accounts.open(
            key,
            tax_code=party.tax_number,
            expires="2031-12-31",
            blocks=self.book.blocks,
            documents=[],
        )

    # === BILLS === #

    def _ones(self, cells):
        """Return number, net and day of a bill for each cell; no two are alike."""
        return [
            (f"TP / 2026-{200 + i:06d}", 10_000 + 100 * i, DAYS["equal"])
            for i, _cell in enumerate(cells)
        ]

    def _others(self, cells):
        """Return number, net and day of the bill that each cell compares with it."""
        return [
            (
                {"zeros": f"tp 2026/{200 + i}", "other": f"TP 2026/{900 + i}"}.get(
                    number, ""
                ),
                10_000 + 100 * i + (50 if amount == "other" else 0),
                DAYS[day],
            )
            for i, (number, amount, day) in enumerate(cells)
        ]

    # === DOORS === #

    def _by_account(self, bills, connection=None):
        """Have a supplier issue bills, and import them; return the documents."""
        connection = connection or self.supplier
        raws = []
        for number, net, day in bills:
            days = dict.fromkeys(("invoice_date", "fulfillment_date"), day.isoformat())
            raws.append(
                self.book.issue(
                    samples.COMPANY,
                    line("Papír", net),
                    changes={"invoice_number": number, **days},
                )
            )
            self.simulator.accounts.add(connection.api_key, raws[-1])
        return self._imported(connection, raws)

    def _by_second_connection(self, bills):
        return self._by_account(bills, self.second)

    def _spendings(self, bills):
        return [
            make_spending(
                95_000_000 + i,
                SUPPLIER,
                number,
                [line("Papír", net)],
                **dict.fromkeys(("invoice_date", "fulfillment_date"), day.isoformat()),
            )
            for i, (number, net, day) in enumerate(bills)
        ]

    def _by_nav(self, bills):
        """List bills among our own account's costs, and import them."""
        raws = self._spendings(bills)
        self.simulator.accounts.set_spendings(KEYS["own_key"], raws)
        return self._imported(self.costs, raws)

    def _by_upload(self, bills):
        """Upload a data file for each bill; return the documents."""
        raws = self._spendings(bills)
        journal = self.costs.journal_id.with_user(self.bookkeeper)
        for raw in raws:
            attachment = journal.env["ir.attachment"].create(
                {"name": "bill.json", "raw": json.dumps(raw).encode()}
            )
            try:
                journal._create_document_from_attachment(attachment.ids)
            except RedirectWarning:
                self.assertNotEqual(self._stored(self.costs, [raw]).state, "processed")
        return self._stored(self.costs, raws)

    def _by_hand(self, bills):
        """Type bills; return the drafts."""
        values = [
            {
                "move_type": "in_invoice",
                "journal_id": self.company_data["default_journal_purchase"].id,
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "ref": number or False,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Typed",
                            "price_unit": net + round(net * 0.27),
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
            for number, net, day in bills
        ]
        return self.env["account.move"].create(values)

    def _imported(self, connection, raws):
        self.connections.write({"next_fetch_at": False, "fetched_until": False})
        self._run("ir_cron_billingo_fetch")
        self._process()
        return self._stored(connection, raws)

    def _stored(self, connection, raws):
        stored = {x.billingo_id: x for x in connection.document_ids}
        none = connection.document_ids.browse()
        return none.concat(*(stored[str(x["id"])] for x in raws))

    # === VERDICTS === #

    def _verdict(self, record):
        """Return what became of the bill that came second."""
        if record._name == "account.move":
            return self._verdict_by_hand(record)
        if record.state == "skipped":
            self.assertEqual(record.skip_reason, "recorded")
            return SAME
        if record.state == "error":
            self.assertEqual(record.error_kind, "duplicate", record.error)
            return ASK
        if record.duplicate_verdict:
            self.assertEqual(record.move_id.state, "draft")
            return SUSPECT
        return DIFFERENT

    def _verdict_by_hand(self, move):
        """Return the verdict on a typed bill; a second one is not posted as if new."""
        found = self.env["billingo.duplicate.search"]._alike_imported(move).get(move)
        self.assertEqual(bool(found), "billingo_duplicate" in (move.alerts or {}))
        if not found:
            return DIFFERENT
        if found[0].verdict is SAME:
            with self.assertRaises(RedirectWarning):
                move.action_post()
        return found[0].verdict

    def _assert_verdicts(self, first, second, wanted=expected, cells=CELLS):
        first(self._ones(cells))
        found = second(self._others(cells))
        self.assertEqual(len(found), len(cells))
        for cell, record in zip(cells, found, strict=True):
            with self.subTest(cell):
                self.assertEqual(self._verdict(record), wanted(*cell))

    # === TESTS === #

    def test_typed_then_fetched(self):
        # The fetched bill has a number: the typed one may have none.
        self._by_hand(self._others(CELLS))
        found = self._by_account(self._ones(CELLS))
        for cell, document in zip(CELLS, found, strict=True):
            with self.subTest(cell):
                self.assertEqual(self._verdict(document), expected(*cell))

    def test_fetched_then_typed(self):
        self._assert_verdicts(self._by_account, self._by_hand)

    def test_typed_then_from_nav(self):
        self._assert_verdicts(self._by_hand, self._by_nav)

    def test_from_nav_then_typed(self):
        self._assert_verdicts(self._by_nav, self._by_hand)

    def test_typed_then_uploaded(self):
        self._assert_verdicts(self._by_hand, self._by_upload)

    def test_uploaded_then_fetched(self):
        self._assert_verdicts(self._by_upload, self._by_account, cells=NUMBERED)

    def test_fetched_then_uploaded(self):
        self._assert_verdicts(self._by_account, self._by_upload)

    def test_fetched_then_from_nav(self):
        self._assert_verdicts(self._by_account, self._by_nav)

    def test_from_nav_then_fetched(self):
        self._assert_verdicts(self._by_nav, self._by_account, cells=NUMBERED)

    def test_two_connections_of_one_account(self):
        self._assert_verdicts(
            self._by_account,
            self._by_second_connection,
            expected_in_one_account,
            NUMBERED,
        )

    def test_one_connection(self):
        self._assert_verdicts(
            self._by_account, self._by_account, expected_in_one_account, NUMBERED
        )
