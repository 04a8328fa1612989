"""Test kit: a Hungarian company, two connections, and a simulated Billingo of its own.

A test of another addon gets all of it by inheriting :class:`BillingoCommon`::

    from odoo.addons.account_billingo_import.tests.common import BillingoCommon

    class TestMine(BillingoCommon):
        def test_mine(self):
            self.own.state = "active"
            self._fetch()                         # as the scheduled job does
            document = self._document(self.own, 1)
            document.action_process()
            self.assertEqual(document.move_id.state, "posted")

``self.simulator`` is the remote service: ``simulator.accounts`` has its documents,
``simulator.faults`` and ``simulator.on_page`` its failures, ``simulator.requests``
counts what it was asked. ``tests/generated.py`` creates any number of documents.
"""

import json
from contextlib import nullcontext
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, new_test_user

from ..billingo_api import BillingoClient
from ..billingo_api.simulator import Simulator, samples
from ..billingo_api.transport import open_session
from ..guards import as_service
from ..models.billingo_connection import BillingoConnection
from ..models.mail_message import deleting
from ..models.res_partner import tax_base

KEYS = {"supplier_key": "test-supplier", "own_key": "test-own"}
ORIGIN = "https://localhost"
JOB_TIME = "odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB"  # seconds


class BillingoCommon(AccountTestInvoicingCommon):
    """A company with a connection per account of the simulator.

    * ``company``: keeps its books by the Hungarian chart
    * ``supplier``, ``own``: connections (draft) for vendor bills and customer invoices
    * ``bookkeeper``: a user who may book, but neither set up nor see keys
    * ``page_size``: documents per page, for tests of several pages
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("hu")
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company_data["company"]
        party = samples.COMPANY
        company.write(
            {
                "name": party.name,
                "vat": party.tax_number,
                "street": party.street,
                "zip": party.post_code,
                "city": party.city,
            }
        )
        cls.company = company
        cls.env.ref("base.EUR").active = True
        cls.page_size = 10
        cls.bookkeeper = new_test_user(
            cls.env,
            "bookkeeper",
            groups="account.group_account_invoice,account.group_account_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        # Who is not responsible gets messages instead of activities.
        cls.bookkeeper.billingo_connection_messages = "all"
        cls.bookkeeper.billingo_document_messages = "all"
        cls.supplier = cls._connect("supplier", KEYS["supplier_key"])
        cls.own = cls._connect("customer", KEYS["own_key"])

    @classmethod
    def _create_company(cls, **values):
        # EXTENDS 'account': where one with its chart is ready, it is taken
        companies = cls.env["res.company"].with_context(active_test=False)
        named = [("name", "=like", f"Ready {cls.country_code}%")]
        ready = companies.search(named, order="id", limit=1)
        if not ready or values.keys() - {"name"}:
            return super()._create_company(**values)
        ready.write({**values, "active": True})
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_context(active_test=True)

    @classmethod
    def _connect(cls, mode, key, company=None):
        """Return a new connection (draft) with a journal of its own."""
        company = company or cls.company
        kind = "sale" if mode == "customer" else "purchase"
        journals = cls.env["account.journal"].with_company(company)
        journal = journals.search(
            [("type", "=", kind), ("company_id", "=", company.id)], limit=1
        )
        journal = journal.copy(
            {"name": f"Billingo {mode}", "code": f"B{kind[:1].upper()}{company.id}"[:5]}
        )
        connection = cls.env["billingo.connection"].create(
            {
                "name": f"{mode} of {company.name}",
                "company_id": company.id,
                "environment": "demo",
                "mode": mode,
                "api_key": key,
                "start_date": "2026-01-01",
                "journal_id": journal.id,
                "user_id": cls.env.user.id,
            }
        )
        return as_service(connection)  # a test may set its state

    def setUp(self):
        super().setUp()
        self.simulator = Simulator()
        samples.fill(self.simulator, **KEYS)
        self.slept = []
        self.real_client = BillingoConnection._client
        self.patch(BillingoConnection, "_client", self._simulated_client)

    @property
    def _simulated_client(self):
        """Replace the factory: real client, real simulator, no real waiting."""

        def client(connection):
            return BillingoClient(
                open_session(ORIGIN, simulator=self.simulator),
                ORIGIN,
                connection.sudo().api_key or "",
                page_size=self.page_size,
                clock=lambda: 0.0,
                sleep=self.slept.append,
            )

        return client

    def _run(self, name):
        """Run a scheduled job as the scheduler does, with enough time for all of it."""
        # Tests with a browser are in this mode already.
        is_browsing = isinstance(self, HttpCase)
        mode = nullcontext if is_browsing else self.enter_registry_test_mode
        with mode(), patch(JOB_TIME, 600):
            self.env.ref(f"account_billingo_import.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _fetch(self):
        """Fetch with both connections that are active, whatever they wait for."""
        (self.supplier | self.own).write({"next_fetch_at": False})
        self._run("ir_cron_billingo_fetch")

    def _process(self):
        """Book what was fetched."""
        self._run("ir_cron_billingo_process")

    def _messages(self, record, kind="mt_connection_problem"):
        """Return the messages that people got about a connection or a document."""
        subtype = self.env.ref(f"account_billingo_import.{kind}")
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("subtype_id", "=", subtype.id),
                ]
            )
        )

    def _enter(self, move, number, day, gross):
        """Make an entry the one that a user typed for a document."""
        move.write({"ref": number, "invoice_date": day})
        move.invoice_line_ids.write(
            {"price_unit": gross, "quantity": 1, "tax_ids": [Command.clear()]}
        )

    def _alter(self, document, **changes):
        """Change the stored data, as if Billingo had sent it so."""
        raw = document._raw() | changes
        file = document.sudo().raw_attachment_id._billingo_replacing()
        file.raw = json.dumps(raw).encode()

    def _document(self, connection, number):
        """Return the document with this running number."""
        document = connection.document_ids.filtered(
            lambda record: (record.name or "").endswith(f"-{number:06d}")
        )
        self.assertEqual(len(document), 1)
        return document


class BillingoCommitted(TransactionCase):
    """A connection that is really committed, for tests with several transactions.

    It takes four documents per page from our own account, in eleven pages.
    """

    page_size = 4

    def setUp(self):
        super().setUp()
        self.simulator = Simulator()
        samples.fill(self.simulator, **KEYS)
        ours = {tax_base(samples.COMPANY.tax_number)}
        self.patch(BillingoConnection, "_client", self._simulated_client)
        connections = self.registry["billingo.connection"]
        self.patch(connections, "_own_tax_bases", lambda _self: ours)
        with self.registry.cursor() as cursor:
            self.connection_id = self._connection(self._env(cursor)).id
        self.addCleanup(self._remove)

    @property
    def _simulated_client(self):
        def client(connection):
            return BillingoClient(
                open_session(ORIGIN, simulator=self.simulator),
                ORIGIN,
                connection.sudo().api_key or "",
                page_size=self.page_size,
                spacing=0,
            )

        return client

    def _env(self, cursor):
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _connection(self, env):
        return env["billingo.connection"].create(
            {
                "name": "Committed",
                "company_id": env.ref("base.main_company").id,
                "environment": "demo",
                "mode": "customer",
                "api_key": KEYS["own_key"],
                "start_date": "2026-01-01",
                "state": "active",
            }
        )

    def _remove(self):
        with self.registry.cursor() as cursor:
            connection = self._of(cursor)
            deleting(connection.document_ids).unlink()
            self._env(cursor)["billingo.tax.map"].search(
                [("company_id", "=", connection.company_id.id)]
            ).unlink()
            connection.unlink()

    def _of(self, cursor):
        """Return the connection in another transaction."""
        return self._env(cursor)["billingo.connection"].browse(self.connection_id)
