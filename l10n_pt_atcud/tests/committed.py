"""Tests with real transactions: what commits is committed, and deleted afterwards."""

from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger
from psycopg2.errors import ForeignKeyViolation

from ..at_series.simulation import MemoryStore
from ..at_series.simulator import Account, Simulator
from ..guards import as_service
from .common import NIF, USERNAME


def remove_company(company):
    """Delete a company; where other modules made records for it, only archive it."""
    partner = company.partner_id
    try:
        with company.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            company.unlink()
            partner.unlink()
    except ForeignKeyViolation:
        # No two companies have the same name.
        company.write({"name": f"{company.name} {company.id}", "active": False})


class CommittedCase(BaseCase):
    """A company in Production, without a chart; the simulator is its AT."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.simulator = Simulator(MemoryStore(), {USERNAME: Account("demo")})
        with self.registry.cursor() as cursor:
            env = self.environment(cursor)
            # The context keeps Odoo from loading a chart for the country.
            companies = env["res.company"].with_context(chart_template_load=True)
            company = companies.create(
                {
                    "name": "Azulejo a sério Lda",
                    "vat": f"PT{NIF}",
                    "country_id": env.ref("base.pt").id,
                    "currency_id": env.ref("base.EUR").id,
                }
            )
            self.company_id = company.id
            company = company.with_env(env)
            self.connection_id = company._l10n_pt_atcud_use_environment("production").id
        self.addCleanup(self.remove)
        self.replace(
            "l10n_pt_atcud.connection",
            "_demo_simulator",
            lambda connection: self.served(connection),
        )
        self.replace("l10n_pt_atcud.connection", "_is_simulated", lambda _one: True)
        self.replace(
            "l10n_pt_atcud.remote_call", "commit", lambda service: self.commit(service)
        )

    def served(self, _connection):
        """Return the application that Odoo speaks to."""
        return self.simulator

    def commit(self, service):
        service.env.cr.commit()

    def replace(self, model, name, stand_in):
        seam = patch.object(self.registry[model], name, stand_in)
        seam.start()
        self.addCleanup(seam.stop)

    def remove(self):
        """Delete by SQL what the models rightly never delete."""
        with self.registry.cursor() as cursor:
            for table in (
                "l10n_pt_atcud_exchange",
                "l10n_pt_atcud_series",
                "res_company_users_rel",
            ):
                column = "cid" if table.endswith("_rel") else "company_id"
                cursor.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        self.company_id,
                    )
                )
            company = self.environment(cursor)["res.company"].browse(self.company_id)
            as_service(company).l10n_pt_atcud_connection_id = False
            connections = company.env["l10n_pt_atcud.connection"]
            connections.search([("company_id", "=", company.id)]).unlink()
            remove_company(company)

    def environment(self, cursor):
        return api.Environment(cursor, SUPERUSER_ID, {})

    def make_series(self, identifier):
        """Return the id of a new series of invoices that has no journal."""
        with self.registry.cursor() as cursor:
            series = self.environment(cursor)["l10n_pt_atcud.series"].create(
                {"company_id": self.company_id, "identifier": identifier}
            )
            return series.id

    def series(self, cursor, number):
        return self.environment(cursor)["l10n_pt_atcud.series"].browse(number)

    def calls(self):
        """Return how often AT was asked, by operation."""
        return dict(self.simulator.requests)
