"""Tests that issue documents of their own: what was issued is fetched and booked."""

from datetime import date

from ..billingo_api.simulator import samples
from ..billingo_api.simulator.samples.builder import AccountBook
from ..billingo_api.simulator.samples.parties import SUPPLIER
from .common import KEYS, BillingoCommon


class BooksCommon(BillingoCommon):
    """Two accounts to issue documents in, and a list of spendings.

    * ``invoices``, ``bills``: ``AccountBook`` of our own and of a supplier
    * ``spendings``: what our own account lists as costs
    * ``costs``: the connection for them; all three connections are active
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.costs = cls._connect("spending", KEYS["own_key"])
        cls.connections = cls.supplier | cls.own | cls.costs
        cls.connections.state = "active"

    def setUp(self):
        super().setUp()
        self.page_size = 100
        first = date(2026, 3, 1)
        self.bills = AccountBook(SUPPLIER, "B", 92_000_000, first)
        self.invoices = AccountBook(samples.COMPANY, "S", 91_000_000, first)
        self.spendings = []

    def _book(self, *raws):
        """Fetch and process all that was issued; return the documents of ``raws``."""
        accounts = ((self.own, self.invoices), (self.supplier, self.bills))
        for connection, book in accounts:
            self.simulator.accounts.open(
                connection.api_key,
                tax_code=book.seller.tax_number,
                expires="2031-12-31",
                blocks=book.blocks,
                documents=book.documents,
                spendings=self.spendings if connection == self.own else (),
            )
        self.connections.write({"fetched_until": False, "next_fetch_at": False})
        self._run("ir_cron_billingo_fetch")
        self._process()
        stored = {x.billingo_id: x for x in self.connections.document_ids}
        return [stored[str(raw["id"])] for raw in raws]
