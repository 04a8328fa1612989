from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..maventa_api import (
    CompanyState,
    CompanyUnverifiedError,
    Language,
    MaventaError,
    SetupError,
    UnknownOutcomeError,
)

# Maventa's words for an authentication that nobody has to ask for again
ASKED_FOR = ("PENDING", "SENT", "SIGNED")
LOOK_EVERY = timedelta(hours=23)  # at companies that are verified


class ResCompany(models.Model):
    """The strong authentication of the company by somebody who may sign for it."""

    _inherit = "res.company"

    maventa_auth_state = fields.Char(
        "Authentication", readonly=True, copy=False, help="In Maventa's own words."
    )
    maventa_auth_email = fields.Char(
        "Authentication sent to", readonly=True, copy=False
    )
    maventa_checked_at = fields.Datetime(readonly=True, copy=False)

    # === ACTIONS === #

    def action_maventa_ask_for_authentication(self):
        """Open the dialog that asks who is to sign."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send authentication request"),
            "res_model": "maventa.authentication",
            "view_mode": "form",
            "target": "new",
            "context": {"default_company_id": self.id},
        }

    def action_maventa_refresh_account(self):
        """Ask Maventa how far the authentication has come.

        :raise UserError: Maventa cannot be asked
        """
        self.ensure_one()
        self.check_access("write")
        try:
            with self._maventa_client() as client:
                authorization = client.authorization()
        except MaventaError as error:
            raise UserError(self._maventa_explain(error)) from error
        self._maventa_note_authorization(authorization)
        return self._maventa_check_result()

    # === BUSINESS === #

    def _maventa_note_authorization(self, authorization):
        """Write down how far Maventa has come with the company."""
        self.ensure_one()
        verified = authorization.company_state is CompanyState.VERIFIED
        was_verified = self.maventa_account_state == "verified"
        self.sudo().write(
            {
                "maventa_auth_state": authorization.auth_state,
                "maventa_auth_email": authorization.auth_email,
                "maventa_checked_at": fields.Datetime.now(),
            }
        )
        if was_verified and not verified:
            words = self.env["maventa.words"]
            said = words._authentication(authorization.auth_state)
            self._maventa_note_trouble(CompanyUnverifiedError(said, code="unverified"))
            return
        self.sudo().maventa_account_state = "verified" if verified else "unverified"
        if verified and not was_verified:
            self._maventa_note_success()
            self.env.ref("account_maventa.ir_cron_maventa_transfer").sudo()._trigger()

    def _maventa_request_if_open(self, authorization):
        """Ask the person at the settings to sign, unless somebody was asked."""
        user = self.env.user
        if (
            self.maventa_account_state == "unverified"
            and authorization.auth_state not in ASKED_FOR
            and user.email
        ):
            self._maventa_request_authentication(user.email, Language.of(user.lang))

    def _maventa_request_authentication(self, email, language):
        """Have Maventa mail the request; what came of it is on the company.

        :raise UserError: nothing was sent, or nobody knows
        """
        self.ensure_one()
        try:
            with self._maventa_client() as client:
                client.request_authentication(email, language)
        except UnknownOutcomeError as error:
            raise UserError(
                self.env._(
                    "Maventa has not answered clearly; perhaps the e-mail is on its "
                    "way. Press Refresh in a minute, before you send another."
                )
            ) from error
        except MaventaError as error:
            raise UserError(self._maventa_explain(error)) from error
        self.sudo().write({"maventa_auth_state": "SENT", "maventa_auth_email": email})

    # === CRON === #

    @api.model
    def _cron_maventa_account(self):
        """Look at companies that wait for their authentication, and daily at others."""
        now = fields.Datetime.now()
        companies = self.search(
            [
                ("maventa_account_state", "in", ("unverified", "verified")),
                "|",
                ("maventa_paused_until", "=", False),
                ("maventa_paused_until", "<=", now),
                "|",
                "|",
                ("maventa_account_state", "=", "unverified"),
                ("maventa_checked_at", "=", False),
                ("maventa_checked_at", "<=", now - LOOK_EVERY),
            ]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            if company.try_lock_for_update(allow_referencing=True):
                company._maventa_look()
            if not cron._commit_progress(1):
                break

    def _maventa_look(self):
        try:
            with self._maventa_client() as client:
                authorization = client.authorization()
        except SetupError as error:  # never tried again by a machine
            self._maventa_stop(error)
        except MaventaError:
            return  # the next look comes by itself
        else:
            self._maventa_note_authorization(authorization)
