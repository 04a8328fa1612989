"""Check an account's keys, and have the company authenticated at Maventa."""

from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..maventa_api import Language, MaventaError, UnknownOutcomeError, same_business
from .remote_call import remote_call

# Maventa's codes for an authentication that has been requested
REQUESTED = ("PENDING", "SENT", "SIGNED")
CHECK_EVERY = timedelta(hours=23)  # for verified companies


class MaventaAuthentication(models.AbstractModel):
    """The strong authentication of a company by an authorised person."""

    _name = "maventa.authentication"
    _description = "Authentication at Maventa"

    # === PUBLIC === #

    @api.model
    def _check(self, account):
        """Prove the keys, link the vendor, and request the authentication if needed.

        Each of the three is committed by itself, right after Maventa's answer.

        :return: :class:`~..maventa_api.Identity` of the account
        :raise UserError: the keys are wrong, or belong to another company
        """
        account._check_keys()
        try:
            identity, authorization = self._identify(account)
            if not account.vendor_linked:
                with remote_call(account) as client:
                    client.link_vendor()
                    account.vendor_linked = True
        except (MaventaError, TransferProblem) as error:
            raise self._user_error(error, account) from error
        user = self.env.user
        if (
            account.state == "unverified"
            and authorization.auth_state not in REQUESTED
            and user.email
        ):
            self._request(account, user.email, Language.of(user.lang))
        return identity

    @api.model
    def _refresh(self, account):
        """Record the progress of the authentication, and commit it.

        :raise UserError: Maventa cannot be reached, or refuses
        """
        try:
            with remote_call(account) as client:
                account._note_authorization(client.authorization())
        except (MaventaError, TransferProblem) as error:
            raise self._user_error(error, account) from error

    @api.model
    def _request(self, account, email, language):
        """Have Maventa send the request by e-mail, once.

        Commits the address before the call and the outcome after it. After a lost
        answer, the next attempt with the same address looks at Maventa first.

        :raise UserError: no e-mail was sent, or the outcome is unknown
        """
        is_repeated = account.auth_request_email == email
        intent = {"auth_request_email": email}
        try:
            with remote_call(account, intent=intent) as client:
                if not (is_repeated and self._is_requested(client, email)):
                    client.request_authentication(email, language)
                account.write(
                    {
                        "auth_state": "SENT",
                        "auth_email": email,
                        "auth_request_email": False,
                    }
                )
        except UnknownOutcomeError as error:
            raise UserError(
                self.env._(
                    "Maventa did not answer clearly; the e-mail may have been sent. "
                    "Press Refresh in a minute before you send another one."
                )
            ) from error
        except (MaventaError, TransferProblem) as error:
            raise self._user_error(error, account) from error

    @api.model
    def _run_job(self):
        """Check accounts that wait for authentication, and verified ones daily.

        Commits after each account.
        """
        now = fields.Datetime.now()
        accounts = self.env["maventa.account"].search(
            [
                ("company_in_use_ids", "!=", False),
                ("state", "in", ("unverified", "verified")),
                "|",
                ("paused_until", "=", False),
                ("paused_until", "<=", now),
                "|",
                "|",
                ("state", "=", "unverified"),
                ("checked_at", "=", False),
                ("checked_at", "<=", now - CHECK_EVERY),
            ]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(accounts))
        for account in accounts:
            # A failure is noted on the account, and the next run checks it again.
            with suppress(MaventaError, TransferProblem):
                with remote_call(account, by_job=True) as client:
                    account._note_authorization(client.authorization())
            if not cron._commit_progress(1):
                break

    # === HELPERS === #

    def _identify(self, account):
        """Record the holder and the authorization of the account; return both."""
        with remote_call(account) as client:
            identity = client.identity()
            self._compare(account, identity)
            authorization = client.authorization()
            account.company_id._maventa_ensure_statuses()
            numbers = [identity.bid, identity.vat]
            account.write(
                {
                    "remote_name": f"{identity.name} ({identity.bid})",
                    "business_id": " ".join(
                        number.replace(" ", "") for number in numbers if number
                    ),
                    "admin_id": self.env.uid,
                }
            )
            account._note_success()
            account._note_authorization(authorization)
        return identity, authorization

    def _compare(self, account, identity):
        if identity.disabled:
            raise TransferProblem("account_disabled", name=identity.name)
        theirs = (identity.bid, identity.vat)
        if not any(
            same_business(mine, other)
            for mine in account.company_id._maventa_business_ids()
            for other in theirs
        ):
            raise TransferProblem(
                "other_company", found=f"{identity.name} {identity.bid}"
            )

    def _is_requested(self, client, email):
        """Return whether a request whose answer was lost has reached Maventa."""
        authorization = client.authorization()
        return (
            authorization.auth_state in REQUESTED and authorization.auth_email == email
        )

    def _user_error(self, error, account):
        return UserError(self.env["maventa.messages"]._explain(error, account))
