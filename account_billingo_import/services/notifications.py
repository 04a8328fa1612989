"""Messages to people: in each reader's language, once per event and person."""

from markupsafe import Markup
from odoo import models

from ..guards import internal
from ..models.billingo_document import WARNING
from ..models.res_users import PREFERENCES
from ..remote_text import as_html

ACCOUNT_GROUPS = ("account.group_account_invoice", "account.group_account_readonly")
# What resolves an error: the right to change a record of this model.
REMEDY_MODELS = {"tax": "billingo.tax.map", "currency": "res.currency"}


@internal
class BillingoNotifications(models.AbstractModel):
    _name = "billingo.notifications"
    _description = "Messages about Billingo connections and documents"

    # === PUBLIC === #

    def _send(self, connection, kind, compose, document=None, *, is_repeated=False):
        """Give one person an activity, and others a message. Does not commit.

        :param kind: name of the message subtype, ``mt_connection_problem`` or
            ``mt_document_error``
        :param compose: takes an environment, returns title and text in its language
        :param document: the document that it is about, else the connection itself
        :param is_repeated: people have a message about the same cause already
        """
        connection.ensure_one()
        record = document or connection
        user = self._assignee(connection, kind, document)
        is_silent = is_repeated or user[PREFERENCES[kind]] == "none"
        self._schedule(record, user, compose, is_silent)
        if is_repeated:
            return
        # Who has the activity is notified of that.
        readers = self._readers(connection, kind) - user
        for lang, group in readers.grouped("lang").items():
            self._message(record.with_context(lang=lang), kind, compose, group)

    # === HELPERS === #

    def _schedule(self, record, user, compose, is_silent):
        """Replace the record's warning activity, in the user's language."""
        record.activity_unlink([WARNING])
        record = record.with_context(
            lang=user.lang, mail_activity_quick_update=is_silent
        )
        title, text = compose(record.env)
        record.activity_schedule(
            WARNING,
            summary=title,
            note=Markup("<p>%s</p>%s") % (as_html(text), self._link(record)),
            user_id=user.id,
        )

    def _message(self, record, kind, compose, users):
        title, text = compose(record.env)
        record.message_notify(
            partner_ids=users.partner_id.ids,
            subject=title,
            body=Markup("<p>%s</p>%s") % (as_html(text), self._link(record)),
            subtype_xmlid=f"account_billingo_import.{kind}",
        )

    def _link(self, record):
        """Return a link for a mail; a document's starts processing by hand."""
        base = record.get_base_url()
        if record._name != "billingo.document":
            url = f"{base}/odoo/billingo-connections/{record.id}"
            text = record.env._("Open the connection")
        elif record.state == "processed":
            url = f"{base}/odoo/billingo-documents/{record.id}"
            text = record.env._("Open %s", record.display_name)
        else:
            url = f"{base}/odoo/billingo-documents/{record.id}/billingo-process"
            text = record.env._("Process %s", record.display_name)
        return Markup('<p><a href="%s">%s</a></p>') % (url, text)

    def _readers(self, connection, kind):
        """Return the users who want a message of this kind, by their preferences."""
        field = PREFERENCES[kind]
        subtype = self.env.ref(f"account_billingo_import.{kind}")
        followers = connection.sudo().message_follower_ids.filtered(
            lambda x: subtype in x.subtype_ids
        )
        users = followers.partner_id.user_ids.filtered(
            lambda x: not x.share and x[field] == "followed"
        )
        everywhere = self.env["res.users"].search(
            [
                (field, "=", "all"),
                ("share", "=", False),
                ("company_ids", "in", connection.company_id.ids),
            ]
        )
        users |= everywhere.filtered(
            lambda x: any(x.has_group(group) for group in ACCOUNT_GROUPS)
        )
        users |= followers.partner_id.user_ids & everywhere
        return users.filtered(
            lambda x: x.active and connection.company_id in x.company_ids
        )

    def _assignee(self, connection, kind, document):
        """Return who gets the activity: the responsible, or who can do what it asks."""
        responsible = connection.user_id or self.env.user
        if kind == "mt_connection_problem":
            # Only an administrator can change the API key.
            return self._first_able(
                connection, responsible, lambda x: x.has_group("base.group_system")
            )
        model = document and REMEDY_MODELS.get(document.error_kind)
        if not model:
            return responsible
        return self._first_able(
            connection,
            responsible,
            lambda x: self.env[model].with_user(x).has_access("write"),
        )

    def _first_able(self, connection, responsible, is_able):
        if is_able(responsible):
            return responsible
        managers = self.env.ref("account.group_account_manager").all_user_ids
        managers |= self.env.ref("base.group_system").all_user_ids
        found = managers.filtered(
            lambda x: (
                x.active
                and not x.share
                and connection.company_id in x.company_ids
                and is_able(x)
            )
        )
        return found.sorted("id")[:1] or responsible
