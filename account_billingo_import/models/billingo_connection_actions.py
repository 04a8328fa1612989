from odoo import models
from odoo.exceptions import UserError


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    def action_activate(self):
        """Start fetching; say in words what is missing."""
        for connection in self:
            connection.check_access("write")
            missing = connection._missing()
            if missing:
                raise UserError(
                    self.env._(
                        "Before %(name)s can be switched on, it needs: %(missing)s.",
                        name=connection.name,
                        missing=", ".join(missing),
                    )
                )
            if not connection.checked_at:
                problem, _found = connection._check()
                if problem:
                    return connection._tell_check(problem)
            connection.write({"state": "active", "error": False, "failures": 0})
            connection.next_fetch_at = False
            connection._close_activities()
            connection._trigger_jobs()
        return True

    def _trigger_jobs(self):
        for name in ("fetch", "process"):
            cron = self.env.ref(f"account_billingo_import.ir_cron_billingo_{name}")
            cron.sudo()._trigger()

    def action_deactivate(self):
        """Stop what happens by itself; what was fetched can be processed by hand."""
        return self.write({"state": "draft", "error": False})

    def action_open_documents(self):
        """Open this connection's documents."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_billingo_import.action_billingo_document"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {}
        return action

    def _has_any_kind(self):
        if self.mode == "spending":
            return True
        return self.has_invoices or self.has_advances or self.has_proformas

    def _missing(self):
        """Return what activation still needs, in the user's words."""
        self.ensure_one()
        wanted = (
            (self.sudo().api_key, self.env._("the API key")),
            (self.start_date, self.env._("the issue date to start from")),
            (self._has_any_kind(), self.env._("at least one kind of documents")),
            (self.journal_id, self.env._("a journal")),
            (self.account_id, self.env._("an income or expense account")),
            (self.advance_account_id, self.env._("an account for advances")),
            (self._taxpayer().vat, self.env._("the company's tax number")),
            (
                self.company_id.currency_id.name == "HUF",
                self.env._("a company that keeps its books in forint"),
            ),
        )
        return [words for there, words in wanted if not there]
