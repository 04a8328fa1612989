"""Open a new account at Maventa, or one at the simulator."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import (
    COUNTRIES,
    MaventaError,
    Registration,
    RejectedError,
    UnknownOutcomeError,
)
from .remote_call import commit, remote_call


@internal
class MaventaRegistration(models.AbstractModel):
    """A new account, made in two steps that are each committed.

    The user's key is kept before the company is registered, and the intent to register
    the company before the request is sent. After an interruption the next attempt goes
    on from there and makes nothing twice.
    """

    _name = "maventa.registration"
    _description = "Registration at Maventa"

    # === PUBLIC === #

    @api.model
    def _open_account(self, account, person):
        """Make a user for ``person`` and an account for the company.

        :param person: ``res.users``
        :return: whether there is an account; else the account's problem says what a
            person has to do
        :raise UserError: something is missing, or Maventa refuses
        """
        if problems := self._problems(account, person):
            raise UserError("\n".join(problems))
        try:
            if not self._register_user(account, person):
                return False
            self._register_company(account)
        except UnknownOutcomeError as error:
            raise UserError(
                self.env._(
                    "Maventa did not answer clearly. Press Register again: Odoo first "
                    "looks for the existing registration and creates nothing twice."
                )
            ) from error
        except RejectedError as error:
            messages = self.env["maventa.messages"]
            raise UserError(messages._explain_registration(error, account)) from error
        except (MaventaError, TransferProblem) as error:
            messages = self.env["maventa.messages"]
            raise UserError(messages._explain(error, account)) from error
        return True

    @api.model
    def _use_demo_account(self, account):
        """Open an account at the simulator for the company, use it, and return it.

        :raise UserError: another environment is in use, or the tax number is missing
        """
        if account.environment != "demo":
            raise UserError(self.env._("Only available in the environment Demo."))
        parameters = self.env["ir.config_parameter"].sudo()
        if url := parameters.get_param("account_maventa.simulator_url"):
            raise UserError(
                self.env._(
                    "The simulator at %s answers in Demo. Enter the keys of one of its "
                    "accounts.",
                    url,
                )
            )
        company = account.company_id
        number = self._number(company)[0]
        numbers = list(filter(None, [number, *company._maventa_business_ids()]))
        if not numbers:
            raise UserError(self.env._("Enter the company's tax number first."))
        simulator = account._simulator()
        remote = simulator.find_account(numbers[0]) or simulator.add_account(
            name=company.name,
            bid=numbers[0],
            country=company.country_code or "",
            vat=company.vat or "",
        )
        return company._maventa_configure(
            "demo", remote.company_uuid, remote.user_api_key
        )

    # === HELPERS === #

    def _register_user(self, account, person):
        """Return the user's key, or record what to do if Maventa does not give it."""
        if account.user_api_key:  # of an attempt that was interrupted
            self._check_same_person(account, person)
            return account.user_api_key
        first, _blank, last = person.name.rpartition(" ")
        quote = ""
        with remote_call(account, registrar=True) as registrar:
            try:
                key = registrar.create_user(person.email, first or last, last)
            except RejectedError as error:
                key, quote = "", " ".join([error.message, *error.details])
            if key:
                account.write({"user_api_key": key, "registered_user_id": person.id})
            else:
                text = self._existing_user_text(person)
                account.problem = f"{text} {quote}".strip()
        return key

    def _check_same_person(self, account, person):
        """Raise a user error if the key belongs to another person."""
        owner = account.registered_user_id
        if owner and owner != person:
            raise UserError(
                self.env._(
                    "An earlier attempt has created a Maventa user for %(owner)s. "
                    "Choose %(owner)s as the person, or clear the user API key to "
                    "begin with %(person)s.",
                    owner=owner.display_name,
                    person=person.display_name,
                )
            )

    def _register_company(self, account):
        """Register the company, or find it if the answer was lost."""
        values, key = self._values(account.company_id), account.user_api_key
        is_repeated = bool(account.registering_since)
        intent = {"registering_since": fields.Datetime.now()}
        try:
            with remote_call(account, intent=intent, registrar=True) as registrar:
                uuid = is_repeated and registrar.find_company(
                    key, values.bid, values.country
                )
                uuid = uuid or registrar.create_company(key, values)
                account.write({"company_uuid": uuid, "registering_since": False})
        except RejectedError:
            account.registering_since = False
            commit(self.env)
            raise

    def _values(self, company):
        partner = company.partner_id
        bid, has_vat = self._number(company)
        return Registration(
            name=company.name,
            bid=bid,
            has_vat=has_vat,
            street=partner.street or "",
            post_code=partner.zip or "",
            city=partner.city or "",
            country=company.country_code or "",
            email=company.email or "",
        )

    def _number(self, company):
        """Return the number that Maventa registers, and whether it is a VAT number.

        The organisation number (in the Netherlands: KVK); Finnish companies have
        either. A wrong number can only be corrected by Maventa's support.
        """
        named = self.env["maventa.parties"]._identifiers(company.partner_id)
        if company.country_code == "FI" and named.vat:
            return named.vat, True
        return named.legal.value, False

    def _problems(self, account, person):
        """Return everything that prevents a registration."""
        company, problems = account.company_id, []
        values = self._values(company)
        if company != company._maventa_account_company():
            problems.append(
                self.env._(
                    "%s has no tax number of its own and uses the account of its "
                    "parent company.",
                    company.display_name,
                )
            )
        if account.company_uuid:
            problems.append(
                self.env._("%s already has an account.", company.display_name)
            )
        if values.country not in COUNTRIES:
            problems.append(
                self.env._(
                    "Odoo can register companies of these countries: %(countries)s. "
                    "For other countries, contact Maventa.",
                    countries=", ".join(COUNTRIES),
                )
            )
        if missing := self._missing(company, values):
            problems.append(
                self.env._(
                    "Missing data of %(company)s: %(missing)s.",
                    company=company.display_name,
                    missing=", ".join(missing),
                )
            )
        if len(values.name) < 3:
            problems.append(
                self.env._("Maventa requires a name of at least three letters.")
            )
        if not person.email:
            problems.append(
                self.env._("%s has no e-mail address.", person.display_name)
            )
        return problems

    def _missing(self, company, values):
        labels = {
            "bid": self._missing_number(company),
            "street": self.env._("street"),
            "post_code": self.env._("post code"),
            "city": self.env._("city"),
            "email": self.env._("e-mail"),
        }
        return [text for name, text in labels.items() if not getattr(values, name)]

    def _missing_number(self, company):
        """Return the name of the number that Maventa registers, and its field."""
        if company.country_code == "NL":
            return self.env._("number at the KVK (8 digits, in the field Company ID)")
        return self.env._("organisation number (in the field Company ID)")

    def _existing_user_text(self, person):
        return self.env._(
            "Maventa returned no key for %(email)s; this person probably has a Maventa "
            "user already. The person has to log in at Maventa, add the company there, "
            "sign, and copy the user API key and the company UUID to this page. Then "
            "press Check account.",
            email=person.email,
        )
