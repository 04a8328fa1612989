"""The check of a connection: whose key it is, until when it works, what it may read."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..client_actions import notification
from ..exceptions import DocumentProblem
from ..guards import internal
from ..models.res_partner import tax_base


@internal
class BillingoConnectionCheck(models.AbstractModel):
    _name = "billingo.connection.check"
    _description = "Check of a Billingo connection"

    # === PUBLIC === #

    def _check_by_hand(self, connection):
        """Check the key; success ends a suspension. Commits the result.

        :return: a notification for the user
        """
        problem, found = self._check(connection)
        if not problem and connection.state == "suspended":
            self._set_active(connection)
        return self._answer(connection, problem, found)

    def _activate(self, connection):
        """Activate a connection, after a check of its key where none is known.

        Commits the result of the check.

        :return: a notification of what went wrong, or None
        :raise UserError: names what is missing
        """
        missing = self._missing(connection)
        if missing:
            raise UserError(
                self.env._(
                    "%(name)s cannot be activated yet. Missing: %(missing)s.",
                    name=connection.name,
                    missing=", ".join(missing),
                )
            )
        if not connection.checked_at:
            problem, _found = self._check(connection)
            if problem:
                return self._answer(connection, problem)
        self._set_active(connection, error_source=False, failures=0)
        return None

    def _verify(self, client, connection):
        """Compare the key's company before its documents are stored as ours.

        :return: whether the documents may be read; else the connection is suspended
        """
        organization = client.organization()
        problem = self._wrong_company(connection, organization.tax_code)
        if problem:
            source = self.env["billingo.messages"]._source(problem)
            self.env["billingo.connection.failures"]._suspend(connection, source)
            return False
        self._write_organization(connection, organization)
        return True

    def _missing(self, connection):
        """Return what activation still requires, as texts."""
        connection.ensure_one()
        requirements = (
            (connection.sudo().api_key, self.env._("the API key")),
            (connection.start_date, self.env._("the first issue date")),
            (connection._wanted_kinds(), self.env._("at least one type of document")),
            (connection.journal_id, self.env._("a journal")),
            (connection.account_id, self.env._("an income or expense account")),
            (connection.advance_account_id, self.env._("an advance account")),
            (connection._taxpayer().vat, self.env._("the company's tax number")),
            (
                connection.company_id.currency_id.name == "HUF",
                self.env._("forint as the company's currency"),
            ),
            (
                connection.payment_journal_ids or not connection.has_payments,
                self.env._("a journal for payments"),
            ),
        )
        return [text for is_met, text in requirements if not is_met]

    # === HELPERS === #

    def _check(self, connection):
        """Write what Billingo says about the key.

        :return: the problem or False, and what was found
        """
        day = connection.start_date or fields.Date.today()
        problem, found = False, ""
        calls = self.env["billingo.remote.call"]
        with calls._session(connection, postpones=False) as session:
            with session.locked(connection, allow_referencing=True) as locked:
                if not locked:
                    return self._busy_text(), ""
                problem, found = self._read_account(session.client, connection, day)
        if session.error:
            # A temporary error says nothing about the key: its results stay.
            return self.env["billingo.messages"]._error_text(session.error), ""
        return problem, found

    def _read_account(self, client, connection, day):
        organization = client.organization()
        # Whether the key may read documents is only known when it does.
        page = connection._read_list(client, 1, start_date=day)
        blocks = client.blocks()
        problem = self._wrong_company(connection, organization.tax_code)
        if problem:
            source = self.env["billingo.messages"]._source(problem)
            self.env["billingo.connection.failures"]._suspend(connection, source)
            return connection.error, ""
        # The list belongs to the check, not to the user who presses the button.
        self.env["billingo.block"].sudo()._update_list(connection, blocks)
        connection.error = False
        self._write_organization(connection, organization)
        return False, self._found_text(connection, page.total, day, len(blocks))

    def _set_active(self, connection, **values):
        connection.write(
            {"state": "active", "next_fetch_at": False, "wait_until": False, **values}
        )
        self.env["billingo.connection.failures"]._close_activities(connection)
        connection._trigger_jobs()

    def _answer(self, connection, problem, found=""):
        is_on_form = problem and problem == connection.error
        message = problem or found
        if is_on_form:
            message = self.env._(
                "This API key cannot be used. See the message on the form."
            )
        return notification(
            message,
            "danger" if problem else "success",
            is_sticky=bool(problem) and not is_on_form,
        )

    def _write_organization(self, connection, organization):
        connection.write(
            {
                "organization_tax_number": organization.tax_code,
                "subscription_end": organization.subscription.expiration_date,
                "checked_at": fields.Datetime.now(),
            }
        )

    def _wrong_company(self, connection, tax_number):
        """Return why the key's account is not the intended one, or None.

        :return: a ``DocumentProblem``
        """
        base = tax_base(tax_number)
        theirs = tax_number or "?"
        if connection.mode != "supplier" and base not in connection._own_tax_bases():
            ours = connection._taxpayer().vat or "?"
            return DocumentProblem("key_of_another_company", theirs=theirs, ours=ours)
        if connection.mode == "supplier" and base == connection._own_tax_base():
            return DocumentProblem("key_of_our_own", theirs=theirs)
        before = connection.organization_tax_number
        is_delivered = connection._has_documents([("source", "=", "connection")])
        if is_delivered and tax_base(before) != base:
            return DocumentProblem(
                "key_of_another_account", theirs=theirs, before=before or "?"
            )
        return None

    def _found_text(self, connection, documents, day, blocks):
        return self.env._(
            "Connected to Billingo: tax number %(number)s, subscription until %(end)s. "
            "The API key can read %(documents)s documents issued since %(day)s and "
            "%(blocks)s blocks. No other permission is required.",
            number=connection.organization_tax_number,
            end=connection.subscription_end or "?",
            documents=documents,
            day=day,
            blocks=blocks,
        )

    def _busy_text(self):
        return self.env._(
            "Documents of this connection are being fetched. Try again in a minute."
        )
