from uuid import UUID

from odoo import models
from odoo.exceptions import UserError

from ..maventa_api import (
    CompanyUnverifiedError,
    MaventaError,
    SetupError,
    TemporaryError,
    organisation_number,
    same_business,
)


class ResCompany(models.Model):
    _inherit = "res.company"

    # === ACTIONS === #

    def action_maventa_check(self):
        """Prove the keys, compare the account with the company, and note the state.

        :raise UserError: the keys are wrong, or belong to another company
        """
        self.ensure_one()
        self.check_access("write")
        self._maventa_check_uuid()
        try:
            with self._maventa_client() as client:
                identity = client.identity()
                self._maventa_check_identity(identity)
                authorization = client.authorization()
                client.link_vendor()
        except MaventaError as error:
            raise UserError(self._maventa_explain(error)) from error
        self._maventa_ensure_statuses()
        self.sudo().write(
            {
                "maventa_account_name": f"{identity.name} ({identity.bid})",
                "maventa_admin_id": self.env.uid,
            }
        )
        self._maventa_note_success()
        self._maventa_note_authorization(authorization)
        self._maventa_request_if_open(authorization)
        return self._maventa_check_result(identity)

    def action_maventa_demo_account(self):
        """Open an account at the simulator in this database, and use it."""
        self.ensure_one()
        self.check_access("write")
        if self.maventa_environment != "demo":
            raise UserError(self.env._("Only in the environment Demo."))
        number = self._maventa_business_ids()
        if not number:
            raise UserError(self.env._("Enter the company's tax number first."))
        simulator = self._maventa_simulator()
        account = simulator.find_account(number[0]) or simulator.add_account(
            name=self.name,
            bid=number[0],
            country=self.country_code or "",
            vat=self.vat or "",
        )
        self.sudo().write(
            {
                "maventa_company_uuid": account.company_uuid,
                "maventa_user_api_key": account.user_api_key,
            }
        )
        return self.action_maventa_check()

    # === BUSINESS === #

    def _maventa_business_ids(self):
        """Return the numbers that Maventa may know the company by."""
        numbers = [
            organisation_number(self.country_code or "", self.vat or ""),
            self.company_registry,
            self.vat,
        ]
        return [number for number in numbers if number]

    def _maventa_check_uuid(self):
        """Tell somebody who has mixed up the fields, before Maventa does."""
        uuid = self.sudo().maventa_company_uuid
        try:
            UUID(uuid or "0" * 32)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The company UUID has 32 digits and letters (0-9, a-f), in groups "
                    "of 8, 4, 4, 4 and 12: copy it from Maventa's settings."
                )
            ) from error

    def _maventa_check_identity(self, identity):
        if identity.disabled:
            raise SetupError(identity.name, code="account_disabled")
        theirs = (identity.bid, identity.vat)
        if not any(
            same_business(mine, other)
            for mine in self._maventa_business_ids()
            for other in theirs
        ):
            raise SetupError(f"{identity.name} {identity.bid}", code="other_company")

    def _maventa_check_result(self, identity=None):
        unfinished = identity and not identity.wizard_done
        if self.maventa_account_state == "verified" and unfinished:
            return self._maventa_notify(
                "warning",
                self.env._(
                    "Connected and verified by Maventa. But nobody has finished "
                    "Maventa's first steps for this company: log in at Maventa once "
                    "and finish them, before invoices are held up there."
                ),
            )
        if self.maventa_account_state == "verified":
            return self._maventa_notify(
                "success", self.env._("Connected and verified by Maventa.")
            )
        if self.maventa_auth_state == "SENT":
            text = self.env._(
                "The keys are right. An e-mail is on its way to %s: after somebody who "
                "may sign for the company has done so, press Refresh.",
                self.maventa_auth_email,
            )
        else:
            text = self.env._(
                "The keys are right, but the company's authentication at Maventa "
                "is not complete: send an authentication request."
            )
        return self._maventa_notify("warning", text)

    def _maventa_open_settings(self, toast):
        """Return the toast with the settings, as they are now, behind it."""
        settings = "account.action_account_config"
        toast["params"]["next"] = self.env["ir.actions.act_window"]._for_xml_id(
            settings
        )
        return toast

    def _maventa_notify(self, kind, text):
        """Return a toast after which the settings are shown as they are now."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": self.maventa_account_name or self.display_name,
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _maventa_explain(self, error):
        """Put an error of the protocol package into words; Maventa's own stay."""
        quote = " ".join(filter(None, [error.message, *error.details]))
        company = self.display_name
        texts = {
            "keys_missing": self.env._(
                "The Maventa keys of %s are not complete (settings, Maventa).", company
            ),
            "vendor_key_missing": self.env._(
                "The vendor key, which Maventa gives to partners, is missing "
                "(settings, Maventa)."
            ),
            "simulator_not_local": self.env._(
                "The environment Demo must not leave this machine."
            ),
            "account_disabled": self.env._("Maventa has disabled the account."),
            "other_company": self.env._(
                "These keys belong to another company than %s:", company
            ),
            "scope_missing": self.env._("The user API key must not send invoices."),
        }
        if error.code in texts:
            text = texts[error.code]
        else:
            text = self._maventa_explain_family(error)
        return f"{text} {quote}".strip()

    def _maventa_explain_family(self, error):
        if isinstance(error, TemporaryError):
            return self.env._("Maventa cannot be reached right now; it is tried again.")
        if isinstance(error, CompanyUnverifiedError):
            return self.env._(
                "Maventa has not verified %s, or not any more. Send an authentication "
                "request (settings, Maventa); the transfers wait for it.",
                self.display_name,
            )
        if isinstance(error, SetupError):
            return self.env._(
                "Maventa does not accept the account of %s (check keys and rights).",
                self.display_name,
            )
        return self.env._("Maventa has refused the document:")
