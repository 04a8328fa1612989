"""The way to a remedy: for who may use it, and for who has to ask somebody."""

from odoo import api, models

from ..guards import internal
from ..remote_text import as_html

MOST_CANDIDATES = 50


@internal
class MaventaRemedies(models.AbstractModel):
    """Label and action of a banner, as ``account.move._get_alerts`` returns them.

    Taxes, contacts and settings may be closed to who makes invoices. A form that opens
    read-only is no way: Odoo's own dialog for an activity opens, with a person who has
    the rights, and what is to be done.
    """

    _name = "maventa.remedies"
    _description = "Ways to Remedies"

    # === PUBLIC === #

    @api.model
    def _open(self, move, record, label, problem):
        """Return the way to a record that has to be changed.

        :param label: of the button that opens it
        :param problem: what is wrong, as text
        """
        if not record.has_access("write"):
            person = self._person(move, record.with_env, "write")
            if person:
                return self._ask(move, person, record.display_name, problem)
        return {"action_text": label, "action": record._get_records_action(name=label)}

    @api.model
    def _settings(self, move, problem):
        """Return the way to the settings of the account.

        :param problem: what is wrong, as text
        """
        settings, label = self.env["res.config.settings"], self.env._("Settings")
        if settings.has_access("create"):
            actions = self.env["ir.actions.act_window"]
            action = actions._for_xml_id("account.action_account_config")
            return {"action_text": label, "action": action}
        return self._ask_creator(move, settings, label, problem)

    @api.model
    def _ask_creator(self, move, model, name, problem):
        """Return the way to a person who may create records, or nothing.

        :param name: what is to be changed, for the person
        """
        person = self._person(move, model.with_env, "create")
        return self._ask(move, person, name, problem) if person else {}

    # === HELPERS === #

    def _person(self, move, records_in, operation):
        """Return a user who has the right and sees the invoice; the account's first.

        :param records_in: returns the records that the right is about, for a user's
            environment
        """
        account = move.maventa_account_company_id.sudo().maventa_account_id
        users = self.env["res.users"].sudo()
        groups = ("account.group_account_manager", "base.group_system")
        ids = [self.env.ref(name).id for name in groups]
        domain = [
            ("all_group_ids", "in", ids),
            ("company_ids", "in", move.company_id.ids),
            ("share", "=", False),
        ]
        candidates = users.search(domain, order="id", limit=MOST_CANDIDATES)
        for user in account.admin_id | candidates:
            env = move.sudo(False).with_user(user).env
            sees = user.active and move.with_env(env).has_access("read")
            if sees and records_in(env).has_access(operation):
                return user
        return users

    def _ask(self, move, person, name, problem):
        label = self.env._(
            "Ask %(person)s to see to this: %(name)s", person=person.name, name=name
        )
        return {
            "action_text": label,
            "action": {
                "type": "ir.actions.act_window",
                "name": label,
                "res_model": "mail.activity.schedule",
                "view_mode": "form",
                "views": [[False, "form"]],
                "target": "new",
                "context": {
                    "active_model": move._name,
                    "active_id": move.id,
                    "active_ids": move.ids,
                    "default_activity_user_id": person.id,
                    "default_summary": label,
                    "default_note": as_html(problem),
                },
            },
        }
