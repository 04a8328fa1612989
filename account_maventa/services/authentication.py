"""Check an account's keys, and have the company authenticated at Maventa."""

from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import MaventaError, UnknownOutcomeError, same_business
from ..models.maventa_account import REQUESTED
from .remote_call import fenced, remote_call

CHECK_EVERY = timedelta(hours=23)  # for verified companies


@internal
class MaventaAuthentication(models.AbstractModel):
    """The strong authentication of a company by an authorised person."""

    _name = "maventa.authentication"
    _description = "Authentication at Maventa"

    # === PUBLIC === #

    @api.model
    def _check(self, account):
        """Prove the keys, and link the vendor; no e-mail leaves.

        Both are committed by themselves, right after Maventa's answer.

        :return: :class:`~..maventa_api.Identity` of the account
        :raise UserError: the keys are wrong, or belong to another company
        """
        account._check_keys()
        try:
            identity = self._identify(account)
            if not account.vendor_linked:
                with remote_call(account) as client:
                    client.link_vendor()
                    account.vendor_linked = True
        except (MaventaError, TransferProblem) as error:
            raise self._user_error(error, account) from error
        return identity

    @api.model
    def _refresh(self, account):
        """Record the progress of the authentication, and commit it.

        :raise UserError: Maventa cannot be reached, or refuses
        """
        try:
            with remote_call(account) as client:
                self._update(account, client, client.authorization())
        except (MaventaError, TransferProblem) as error:
            raise self._user_error(error, account) from error

    @api.model
    def _request(self, account, email, language):
        """Have Maventa send the request by e-mail, once.

        Commits the address before the call and the outcome after it. After a lost
        answer, the next attempt looks at Maventa first: an e-mail to the first person
        is not followed by one to another person unnoticed.

        :raise UserError: no e-mail was sent, the outcome is unknown, or an earlier
            e-mail to another person was sent after all
        """
        earlier = account.auth_request_email
        intent = {"auth_request_email": email}
        try:
            with remote_call(account, intent=intent) as client:
                sent_to = earlier and self._is_requested(client, earlier) and earlier
                if not sent_to:
                    client.request_authentication(email, language)
                account.write(
                    {
                        "auth_state": "SENT",
                        "auth_email": sent_to or email,
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
        if account.auth_email != email:
            raise UserError(
                self.env._(
                    "The earlier e-mail to %(earlier)s was sent after all, so none was "
                    "sent to %(email)s. If %(email)s has to sign, send the request "
                    "again.",
                    earlier=account.auth_email,
                    email=email,
                )
            )

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
            ],
            order="tried_at NULLS FIRST, id DESC",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(accounts))
        for account in accounts:
            with fenced(account):
                self._check_by_job(account)
            if not cron._commit_progress(1):
                break

    # === HELPERS === #

    def _check_by_job(self, account):
        intent = {"tried_at": fields.Datetime.now()}
        # A failure is noted on the account, and the next run checks it again.
        with suppress(MaventaError, TransferProblem):
            with remote_call(account, intent=intent, by_job=True) as client:
                self._update(account, client, client.authorization())

    def _identify(self, account):
        """Record the holder and the authorization of the account; return the holder."""
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
            self._update(account, client, authorization)
        return identity

    def _update(self, account, client, authorization):
        """Record the progress; of a verified account also what is set at Maventa.

        The print service and the networks only inform: without an answer about them
        the account works as before.
        """
        account._note_authorization(authorization)
        if account.state != "verified":
            return
        with suppress(MaventaError):
            account._note_settings(printing=client.print_settings())
        with suppress(MaventaError):
            account._note_settings(networks=client.networks())

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
