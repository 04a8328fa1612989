from odoo import fields, models
from odoo.exceptions import UserError

from ..maventa_api import (
    COUNTRIES,
    MaventaError,
    Registration,
    RejectedError,
    UnknownOutcomeError,
)


class ResCompany(models.Model):
    """A new account at Maventa, made in two steps that are each written down.

    The user's key is kept before the company is asked for, and the wish to have a
    company before it is sent: whatever breaks off, the next attempt goes on from
    there, and makes nothing a second time.
    """

    _inherit = "res.company"

    maventa_registering_since = fields.Datetime(readonly=True, copy=False)

    # === ACTIONS === #

    def action_maventa_open_registration(self):
        """Open the dialog that asks which company, and who gets the user."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register at Maventa"),
            "res_model": "maventa.registration",
            "view_mode": "form",
            "target": "new",
            "context": {"default_company_id": self.id},
        }

    # === BUSINESS === #

    def _maventa_register(self, person):
        """Make a user for ``person`` and an account for the company.

        :return: the toast that says what happened, or what is to be done by hand
        :raise UserError: what is missing, or what Maventa says
        """
        self.ensure_one()
        self.check_access("write")
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Somebody is registering the company just now."))
        if problems := self._maventa_registration_problems(person):
            raise UserError("\n".join(problems))
        try:
            with self._maventa_registrar() as registrar:
                if not self._maventa_register_user(registrar, person):
                    return self._maventa_notify("warning", self.maventa_problem)
                self._maventa_register_company(registrar)
        except MaventaError as error:
            raise UserError(self._maventa_explain_registration(error)) from error
        self.action_maventa_check()
        return self._maventa_notify(
            "success",
            self.env._("%s has an account at Maventa now.", self.display_name),
        )

    def _maventa_register_user(self, registrar, person):
        """Return the user's key; write down what to do if Maventa keeps it."""
        company = self.sudo()
        if company.maventa_user_api_key:  # of an attempt that broke off
            return company.maventa_user_api_key
        first, _blank, last = person.name.rpartition(" ")
        words = ""
        try:
            key = registrar.create_user(person.email, first or last, last)
        except RejectedError as error:
            key, words = "", " ".join([error.message, *error.details])
        if key:
            company.maventa_user_api_key = key
        else:
            text = self._maventa_existing_user_text(person)
            company.maventa_problem = f"{text} {words}".strip()
        self._maventa_keep()
        return key

    def _maventa_register_company(self, registrar):
        company, values = self.sudo(), self._maventa_registration()
        key, uuid = company.maventa_user_api_key, ""
        if company.maventa_registering_since:  # the answer may have got lost
            uuid = registrar.find_company(key, values.bid, values.country)
        company.maventa_registering_since = fields.Datetime.now()
        self._maventa_keep()
        if not uuid:
            try:
                uuid = registrar.create_company(key, values)
            except RejectedError:
                company.maventa_registering_since = False
                self._maventa_keep()
                raise
        company.write(
            {"maventa_company_uuid": uuid, "maventa_registering_since": False}
        )
        self._maventa_keep()

    def _maventa_keep(self):
        """Commit: what Maventa has made cannot be rolled back."""
        if self.env["account.move"]._can_commit():
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _maventa_registration(self):
        partner = self.partner_id
        return Registration(
            name=self.name,
            bid=(self.vat or self.company_registry or "").replace(" ", ""),
            has_vat=bool(self.vat),
            street=partner.street or "",
            post_code=partner.zip or "",
            city=partner.city or "",
            country=self.country_code or "",
            email=self.email or "",
        )

    def _maventa_registration_problems(self, person):
        """Return everything that stands in the way of a registration."""
        values, problems = self._maventa_registration(), []
        if self != self._maventa_account_company():
            problems.append(
                self.env._(
                    "%s has no tax number of its own: it uses its parent's account.",
                    self.display_name,
                )
            )
        if self.sudo().maventa_company_uuid:
            problems.append(self.env._("%s has an account already.", self.display_name))
        if values.country not in COUNTRIES:
            problems.append(
                self.env._(
                    "Maventa registers companies of these countries by itself: "
                    "%(countries)s. For others, write to Maventa.",
                    countries=", ".join(COUNTRIES),
                )
            )
        labels = {
            "bid": self.env._("tax number"),
            "street": self.env._("street"),
            "post_code": self.env._("post code"),
            "city": self.env._("city"),
            "email": self.env._("e-mail"),
        }
        if missing := [
            text for name, text in labels.items() if not getattr(values, name)
        ]:
            problems.append(
                self.env._(
                    "%(company)s lacks: %(missing)s.",
                    company=self.display_name,
                    missing=", ".join(missing),
                )
            )
        if len(values.name) < 3:
            problems.append(
                self.env._("Maventa wants a name of three letters at least.")
            )
        if not person.email:
            problems.append(
                self.env._("%s has no e-mail address.", person.display_name)
            )
        return problems

    def _maventa_existing_user_text(self, person):
        return self.env._(
            "Maventa tells no key for %(email)s, most likely because this person has "
            "a user there already. They log in at Maventa, add the company there, "
            "sign, and copy user API key and company UUID to here; then press "
            "Check account.",
            email=person.email,
        )

    def _maventa_explain_registration(self, error):
        if isinstance(error, UnknownOutcomeError):
            return self.env._(
                "Maventa has not answered clearly. Press Register again: what has been "
                "made is looked for first, and nothing is made a second time."
            )
        if isinstance(error, RejectedError):
            quote = " ".join([error.message, *error.details])
            return self.env._(
                "Maventa does not register %(company)s: %(quote)s. If the business id "
                "has an account there already, use its user API key and company UUID "
                "instead, or ask Maventa's support.",
                company=self.display_name,
                quote=quote,
            )
        return self._maventa_explain(error)
