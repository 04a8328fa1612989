"""Test kit: a Portuguese company whose tax authority is a simulator in this process.

For tests of other addons, too::

    from odoo.addons.l10n_pt_atcud.tests.common import AtcudCommon

    @tagged("post_install", "-at_install")
    class TestMine(AtcudCommon):
        def test_an_invoice_gets_its_atcud(self):
            series = self.registered_series("A2026")
            invoice = self.draft()
            invoice.action_post()
            self.assertEqual(self.simulator.requests["registarSerie"], 1)

``self.simulator`` is AT: ``requests`` counts what was sent to it, ``faults`` takes the
names of faults for the next answers, ``accounts`` has its sub-users. Every client that
Odoo makes for Production or Demo speaks to it (``self.simulated``);
``self.other_program()`` returns another one.
"""

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
    """``company`` is in Production; ``accountant`` may invoice, no more.

    The simulator answers for Production as well, because documents of Demo have no
    fiscal value and other rules.
    """

    # the environments whose AT is the simulator
    simulated = ("demo", "production")

    @classmethod
    @AccountTestInvoicingCommon.setup_country("pt")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.vat = f"PT{NIF}"
        # Tests of these rules let them refuse.
        cls.company.l10n_pt_atcud_document_rules = "warn"
        cls.company.l10n_pt_atcud_without_reason = "warn"
        cls.company.l10n_pt_atcud_date_unregistered = "warn"
        cls.connection = cls.company._l10n_pt_atcud_use_environment("production")
        cls.connection.sudo().password = "demo"
        cls.journal = cls.company_data["default_journal_sale"]
        # A line without other taxes is exempt from VAT, with a reason.
        chart = cls.env["account.chart.template"].with_company(cls.company)
        cls.exempt = chart.ref("iva_pt_sale_isenta")
        cls.company_data["default_account_revenue"].tax_ids = cls.exempt
        cls.accountant = new_test_user(
            cls.env,
            "atcud_accountant",
            groups="account.group_account_invoice,account.group_account_user",
            company_id=cls.company.id,
        )
        # What lacks a necessary sudo() shows as an access error.
        cls.env.user.group_ids -= cls.env.ref("base.group_system")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account': where one with its chart is ready, it is used
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
        self.replace("_demo_simulator", lambda connection: self.simulator)
        self.replace("_is_simulated", lambda one: self.is_simulated(one))

    def replace(self, name, stand_in):
        """Replace a method of connections until the test ends."""
        connections = type(self.env["l10n_pt_atcud.connection"])
        seam = patch.object(connections, name, stand_in)
        seam.start()
        self.addCleanup(seam.stop)

    def is_simulated(self, connection):
        """Return whether the simulator is the AT of a connection."""
        is_elsewhere = connection.environment == "demo" and connection._parameter(
            "simulator_url"
        )
        return connection.environment in self.simulated and not is_elsewhere

    def new_user(self, login, *groups):
        """Return a new user of the company with these groups."""
        return new_test_user(
            self.env(su=True),
            login,
            groups=",".join(groups),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def new_administrator(self):
        """Return a new user who may change the settings and the series."""
        groups = ("base.group_system", "account.group_account_manager")
        return self.new_user("atcud_administrator", *groups)

    def make_series(self, identifier="A2026", document_type="FT", **values):
        """Return a new series that is not registered yet."""
        return self.env["l10n_pt_atcud.series"].create(
            {
                "journal_id": self.journal.id,
                "identifier": identifier,
                "document_type": document_type,
                **values,
            }
        )

    def registered_series(self, identifier="A2026", document_type="FT", **values):
        """Return a new series that AT knows."""
        series = self.make_series(identifier, document_type, **values)
        self.assertIsNone(self.register(series))
        return series

    def register(self, series):
        """Register a series; return ``None``, or the error or problem."""
        return series.env["l10n_pt_atcud.series_registration"].register(series)

    def enter_code(self, series, *arguments):
        """Enter a code of AT's portal; return ``None``, or the problem."""
        service = series.env["l10n_pt_atcud.series_registration"]
        return service.enter_code(series, *arguments)

    def close(self, series, *arguments, **options):
        """Finalise or annul a series; return ``None``, or the error or problem."""
        service = series.env["l10n_pt_atcud.series_closing"]
        return service.close(series, *arguments, **options)

    def check(self, connection=None):
        """Check the connection; return ``None``, or the error or problem."""
        service = self.env["l10n_pt_atcud.connection_check"]
        return service.check(connection or self.connection)

    def use_environment(self, environment):
        """Let the company use another environment; return the connection."""
        company = self.company.sudo()
        self.connection = company._l10n_pt_atcud_use_environment(environment)
        return self.connection

    def draft(self, move_type="out_invoice", date=None, **values):
        """Return a draft with one line of 100.00."""
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

    def issued_before(self, name, date="2026-05-03"):
        """Return a document that was posted before the journal had series."""
        old = self.draft(date=date)
        prefix, _slash, number = name.rpartition("/")
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE account_move
               SET name = %s, sequence_prefix = %s, sequence_number = %s,
                   state = 'posted', posted_before = TRUE,
                   l10n_pt_atcud_series_id = NULL
             WHERE id = %s
            """,
            (name, f"{prefix}/", int(number), old.id),
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET parent_state = 'posted', move_name = %s"
            " WHERE move_id = %s",
            (name, old.id),
        )
        self.env.invalidate_all()
        return old

    def cancel_issued(self, move, reason="Engano"):
        """Cancel an issued document as its dialog does."""
        self.env["l10n_pt_atcud.document_cancellation"].cancel(move, reason)

    def other_program(self):
        """Return a client of AT that is not Odoo, of the same taxpayer."""
        session = open_session(ORIGIN, simulator=self.simulator)
        credentials = Credentials(USERNAME, "demo", self.simulator.cipher_certificate)
        return SeriesClient(session, ORIGIN, credentials)
