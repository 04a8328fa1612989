from odoo import fields, models

from ..billingo_api import HOST, BillingoClient, errors
from ..billingo_api.simulator import Simulator, samples
from ..billingo_api.transport import open_session
from .database_store import DatabaseStore
from .res_partner import tax_base

IN_PROCESS = "https://localhost"  # the only https host that tests let through
DEMO_KEYS = {"supplier_key": "demo-supplier", "own_key": "demo-own"}


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    def action_check(self):
        """Ask Billingo whose key this is; a good answer ends a suspension."""
        self.ensure_one()
        self.check_access("write")
        found = self._check()
        if found and self.state == "suspended":
            self.write({"state": "active", "next_fetch_at": False})
            self._close_activities()
            self._trigger_jobs()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if found else "danger",
                "sticky": not found,
                "message": self._found_text() if found else self.error,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check(self):
        """Write down what GET /organization says; return whether the key will do."""
        self.ensure_one()
        try:
            with self._client() as client:
                organization = client.organization()
                # Whether the key may read documents shows only when it does.
                self._read_page(client, 1, start_date=fields.Date.today())
                blocks = client.blocks()
        except errors.BillingoError as error:
            self.write({"error": self._explain(error), "checked_at": False})
            return False
        problem = self._wrong_company(organization.tax_code)
        if not problem:
            # The list belongs to the check, not to the user who presses the button.
            self.env["billingo.block"].sudo()._renew(self, blocks)
            self.organization_tax_number = organization.tax_code
        self.write({"subscription_end": organization.subscription.expiration_date})
        self.write(
            {
                "error": problem,
                "checked_at": False if problem else fields.Datetime.now(),
            }
        )
        return not problem

    def _verify(self, client):
        """Look whose key this is before its documents are taken for ours."""
        organization = client.organization()
        problem = self._wrong_company(organization.tax_code)
        if problem:
            self._switch_off(problem)
            return False
        self.write(
            {
                "organization_tax_number": organization.tax_code,
                "subscription_end": organization.subscription.expiration_date,
                "checked_at": fields.Datetime.now(),
            }
        )
        return True

    def _wrong_company(self, tax_number):
        """Return why this account cannot be the one meant, or False."""
        ours = self._own_tax_bases()
        if self.mode != "supplier" and tax_base(tax_number) not in ours:
            return self.env._(
                "This API key belongs to another company: its tax number is "
                "%(theirs)s, ours is %(ours)s.",
                theirs=tax_number or "?",
                ours=self.company_id.vat or "?",
            )
        before = self.organization_tax_number
        if self.sudo().document_ids and tax_base(before) != tax_base(tax_number):
            return self.env._(
                "This API key belongs to another Billingo account (tax number "
                "%(now)s) than the documents fetched so far (%(before)s). Make another "
                "connection for it.",
                now=tax_number or "?",
                before=before or "?",
            )
        return False

    def _own_tax_bases(self):
        """The eight-digit numbers by which documents may call the company."""
        company = self.company_id
        bases = {tax_base(company.vat), tax_base(company.l10n_hu_group_vat)}
        return bases - {""}

    def _found_text(self):
        return self.env._(
            "Billingo answers: tax number %(number)s, subscription until %(end)s. "
            "This key may read documents.",
            number=self.organization_tax_number,
            end=self.subscription_end or "?",
        )

    def _client(self):
        """Return a client of this connection's account.

        Reads the key and the environment, and nobody else does. Use it as a context
        manager.
        """
        self.ensure_one()
        connection = self.sudo()
        parameters = self.env["ir.config_parameter"].sudo()
        simulator = None
        if connection.environment != "demo":
            origin = HOST
        elif connection._is_simulated_here():
            origin, simulator = IN_PROCESS, connection._own_simulator()
        else:
            origin = parameters.get_param("account_billingo_import.simulator_url")
        session = open_session(
            origin,
            simulator=simulator,
            loopback_only=connection.environment == "demo",
        )
        options = {"spacing": 0.02} if connection.environment == "demo" else {}
        size = parameters.get_param("account_billingo_import.page_size") or ""
        if size.isdigit():
            options["page_size"] = int(size)
        return BillingoClient(
            session,
            origin,
            connection.api_key or "",
            user_agent="Odoo account_billingo_import 19.0",
            **options,
        )

    def _is_simulated_here(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return not parameters.get_param("account_billingo_import.simulator_url")

    def _own_simulator(self):
        """The simulator in this process, with two accounts made for the company."""
        company = self.company_id
        store = DatabaseStore(
            self.env.registry, "billingo_simulator_state", f"{company.id}:"
        )
        simulator = Simulator(store)
        if not simulator.accounts.exists(DEMO_KEYS["own_key"]):
            party = samples.Party(
                company.name,
                company.vat or "",
                company.zip or "",
                company.city or "",
                company.street or "",
                id=company.id,
            )
            samples.fill(simulator, company=party, **DEMO_KEYS)
        return simulator
