"""A Portuguese company whose tax authority is the simulator, and plays fair."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import new_test_user

from ..at_series import (
    Credentials,
    SeriesClient,
    lisbon_date,
    open_session,
)
from ..at_series.simulation import MemoryStore
from ..at_series.simulator import Account, Simulator

NIF = "509987656"
USERNAME = f"{NIF}/1"
ORIGIN = "https://localhost"


class AtcudCommon(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("pt")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write({"vat": f"PT{NIF}", "l10n_pt_atcud_password": "demo"})
        cls.journal = cls.company_data["default_journal_sale"]
        cls.accountant = new_test_user(
            cls.env,
            "atcud_accountant",
            groups="account.group_account_invoice,account.group_account_user",
            company_id=cls.company.id,
        )
        # Whatever is not sudo'ed where it must be shows as an access error.
        cls.env.user.group_ids -= cls.env.ref("base.group_system")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account': where one with its chart is ready, it is taken
        companies = cls.env["res.company"].with_context(active_test=False)
        ready = companies.search([("name", "=", f"Ready {cls.country_code}")])
        if not ready or kwargs:
            return super().setup_independent_company(**kwargs)
        ready.write({"name": "company_1_data", "active": True})
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_context(active_test=True)

    def setUp(self):
        super().setUp()
        self.simulator = Simulator(MemoryStore(), {USERNAME: Account("demo")})
        seam = patch.object(
            type(self.env["res.company"]),
            "_l10n_pt_atcud_simulator",
            lambda company: self.simulator,
        )
        seam.start()
        self.addCleanup(seam.stop)

    def make_series(self, identifier="A2026", document_type="FT", **values):
        return self.env["l10n_pt_atcud.series"].create(
            {
                "journal_id": self.journal.id,
                "identifier": identifier,
                "document_type": document_type,
                **values,
            }
        )

    def registered_series(self, identifier="A2026", document_type="FT", **values):
        series = self.make_series(identifier, document_type, **values)
        self.assertIsNone(series._communicate())
        return series

    def draft(self, move_type="out_invoice", date=None, **values):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner_a.id,
                "journal_id": self.journal.id,
                "invoice_date": date or lisbon_date(),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Azulejo", "quantity": 1, "price_unit": 100.0}
                    )
                ],
                **values,
            }
        )

    def other_program(self):
        """Return a client that is not Odoo, of the same taxpayer."""
        session = open_session(ORIGIN, simulator=self.simulator)
        credentials = Credentials(USERNAME, "demo", self.simulator.cipher_certificate)
        return SeriesClient(session, ORIGIN, credentials)
