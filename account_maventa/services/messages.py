"""The table from codes and kinds to texts for people."""

from odoo import api, models

from ..exceptions import TransferProblem
from ..guards import internal
from ..maventa_api import (
    AddressProblem,
    CompanyUnverifiedError,
    FileProblem,
    SetupError,
    TemporaryError,
)
from ..maventa_api.token import RECEIVE
from ..models.localized_text import LocalizedText

LONGEST_TEXT = 300  # characters of an error outside of the log


@internal
class MaventaMessages(models.AbstractModel):
    """Texts for errors, problems and codes, in the language of the context.

    A code that is not known here is shown as Maventa writes it, in quotes.
    """

    _name = "maventa.messages"
    _description = "Maventa Messages"

    # === PUBLIC === #

    @api.model
    def _explain(self, error, account):
        """Return the text for an error; Maventa's own message is quoted in it.

        :param error: a ``MaventaError`` or a ``TransferProblem``
        """
        company = account.company_id.display_name or ""
        if isinstance(error, TransferProblem):
            return self._problems(company, error.data)[error.kind]
        return f"{self._error(error, company)} {self._quote(error)}".strip()

    @api.model
    def _explain_registration(self, error, account):
        """Return the text for a refusal to register the company."""
        return self.env._(
            "Maventa does not register %(company)s: %(message)s. If the business id "
            "already has an account, enter its user API key and company UUID, or "
            "contact Maventa's support.",
            company=account.company_id.display_name,
            message=self._quote(error),
        )

    def _quote(self, error):
        """Return Maventa's own message, each of its lines once."""
        return " ".join(dict.fromkeys(filter(None, [error.message, *error.details])))

    @api.model
    def _in_all_languages(self, tell, main=None):
        """Return a text in all languages of the database, or nothing if it is empty.

        :param tell: takes an environment, and returns the text in its language
        :param main: code of the language that counts as the text's own
        """
        main = main or self.env.lang or "en_US"
        text = tell(self.with_context(lang=main).env)
        if not text:
            return None
        texts = {main: text}
        codes = {code for code, _name in self.env["res.lang"].get_installed()}
        for code in sorted(codes - {main}):
            texts[code] = tell(self.with_context(lang=code).env)
        return LocalizedText(texts, main)

    @api.model
    def _shorten(self, text):
        """Return the beginning of a very long text; the log has all of it.

        Repeated lines are left out, and the text is cut after a word.
        """
        lines = (line.strip() for line in (text or "").splitlines())
        text = "\n".join(dict.fromkeys(filter(None, lines)))
        if len(text) <= LONGEST_TEXT:
            return text
        beginning = text[: LONGEST_TEXT + 1]
        words = beginning.rsplit(maxsplit=1)[0]
        if len(words) < LONGEST_TEXT // 2:  # one very long word
            words = beginning[:LONGEST_TEXT]
        return self.env._(
            "%s… (the log of transfers has the full text)", words.rstrip(" ,;:")
        )

    # === ERRORS === #

    def _error(self, error, company):
        if error.code == "scope_missing" and RECEIVE in error.message:
            return self.env._("The user API key does not allow to receive invoices.")
        if error.code == "scope_missing":
            return self.env._("The user API key has no permission to send invoices.")
        if error.code == "file_damaged":
            return self.env._(
                "The document of this upload is missing in Odoo, or is another than "
                "before, so it is not sent again. Maventa does not have the invoice. "
                "Restore Odoo's file store from a backup: then Odoo uploads the "
                "document as it was."
            )
        if isinstance(error, TemporaryError):
            return self.env._("Maventa cannot be reached now. Odoo will try again.")
        if isinstance(error, CompanyUnverifiedError):
            return self.env._(
                "Maventa has not verified %s. Send an authentication request "
                "(Settings, Maventa). Transfers wait until the company is verified.",
                company,
            )
        if isinstance(error, SetupError):
            return self.env._(
                "Maventa does not accept the account of %s. Check the keys and their "
                "permissions.",
                company,
            )
        return self.env._("Maventa refused the document:")

    def _problems(self, company, data):
        return {
            "not_configured": self.env._(
                "Maventa is not configured for %s. Choose an environment in Settings, "
                "Maventa.",
                company or data.get("company", ""),
            ),
            "not_verified": self.env._(
                "The Maventa account of %s is not verified: its invoices wait. An Odoo "
                "administrator completes that in Settings, Invoicing, Maventa.",
                company,
            ),
            "no_working_account": self.env._(
                "%s has no working account at Maventa. Open Settings, Invoicing, "
                "Maventa.",
                company,
            ),
            "switched_off": self.env._(
                "The transfer to Maventa is switched off: invoices wait until an Odoo "
                "administrator switches it on in Settings, Invoicing, Maventa."
            ),
            "earlier_account": self.env._(
                "An earlier transfer of this invoice failed in the account %s, whose "
                "keys do not work any more: Odoo cannot see whether Maventa delivers "
                "it meanwhile. Look on Maventa's website. If it is not delivered "
                'there, press "Send again as new".',
                data.get("name", ""),
            ),
            "busy": self.env._(
                "Another user or job is using this record now. Try again in a minute."
            ),
            "keys_missing": self.env._(
                "The Maventa keys of %s are not complete (Settings, Maventa).", company
            ),
            "vendor_key_missing": self.env._(
                "The vendor key is missing (Settings, Maventa). Partners of Maventa "
                "receive it from Maventa's integration team (www.maventa.com)."
            ),
            "simulator_not_local": self.env._(
                "Invalid simulator URL: the environment Demo must not leave this "
                "machine. %s",
                data.get("detail", ""),
            ),
            "account_disabled": self.env._(
                "Maventa has disabled the account %s.", data.get("name", "")
            ),
            "other_company": self.env._(
                "These keys belong to another company than %(company)s: %(found)s",
                company=company,
                found=data.get("found", ""),
            ),
        }

    # === CODES === #

    def _label(self, known, code):
        if not code:
            return ""
        return known.get(code.upper()) or f'"{code}"'

    @api.model
    def _channel(self, code):
        """Return the label of a channel, route or destination."""
        known = {
            "EINVOICE": self.env._("E-invoice"),
            "EMAIL": self.env._("E-mail"),
            "PRINT": self.env._("Print"),
            "SCAN": self.env._("Scan"),
        }
        return self._label(known, code)

    @api.model
    def _invoice_status(self, code):
        known = {
            "PENDING": self.env._("In delivery"),
            "DELIVERED": self.env._("Delivered"),
            "FAILED": self.env._("Failed"),
        }
        return self._label(known, code)

    @api.model
    def _authentication(self, code):
        known = {
            "NONE": self.env._("Not requested"),
            "PENDING": self.env._("In preparation"),
            "SENT": self.env._("E-mail sent"),
            "SIGNED": self.env._("Signed, not yet confirmed by Maventa"),
            "CANCELED": self.env._("Cancelled"),
        }
        return self._label(known, code)

    @api.model
    def _document_format(self, code):
        formats = self.env["account.edi.xml.maventa"]._maventa_builders().values()
        known = {row._maventa_format: row._maventa_label for row in formats}
        return self._label(known, code)

    @api.model
    def _event(self, code):
        """Return the label of an event that Maventa reports about an invoice."""
        known = {
            "RECEIVED": self.env._("Maventa: received"),
            "CREATED": self.env._("Maventa: received"),
            "SENT": self.env._("Maventa: sent"),
            "DELIVERED": self.env._("Maventa: delivered"),
            "INFO": self.env._("Maventa: information"),
            "ERROR": self.env._("Maventa: error"),
        }
        return known.get(code) or f'Maventa: "{code}"'

    # === PROBLEMS OF DATA === #

    @api.model
    def _address_problem(self, problem):
        """Return why an e-invoice address is invalid."""
        return {
            AddressProblem.LENGTH: self.env._("it needs 2 to 35 characters."),
            AddressProblem.OVT: self.env._(
                "an OVT consists of 0037, the eight digits of the business id and up "
                "to five more characters. Check the digits."
            ),
            AddressProblem.IBAN: self.env._("the account number (IBAN) is not valid."),
            AddressProblem.GLN: self.env._("a GLN has 13 digits. Check the digits."),
            AddressProblem.PEPPOL: self.env._(
                "Peppol requires a known scheme before the id, for example "
                "0216:003712345671."
            ),
        }[problem]

    @api.model
    def _file_problem(self, problem):
        """Return why a file cannot be sent as an attachment."""
        return {
            FileProblem.TYPE: self.env._(
                "this file type is not supported. Use PDF, PNG, JPEG, XLSX or ODS."
            ),
            FileProblem.SIZE: self.env._("the file is larger than 10 MB."),
            FileProblem.EMPTY: self.env._("the file is empty."),
        }[problem]

    @api.model
    def _finvoice_rules(self, rules):
        """Return the meaning of broken rules of EN 16931, each text once."""
        texts = self._finvoice_rule_texts()
        return list(
            dict.fromkeys(
                texts.get(rule)
                or self.env._("a tax does not meet the rule %s of EN 16931", rule)
                for rule in rules
            )
        )

    def _finvoice_rule_texts(self):
        address = self.env._("the standard does not support this e-invoice address")
        tax_numbers = self.env._(
            "the tax number of the seller or the customer is missing"
        )
        return {
            "BR-62": address,
            "BR-63": address,
            "BR-08": self.env._("the address of your company is not complete"),
            "BR-10": self.env._("the address of the customer is not complete"),
            "BR-CO-26": self.env._("your company has no business id or tax number"),
            "business": self.env._("the customer has no business id or tax number"),
            "BR-16": self.env._("the document has no line with a price"),
            "BR-23": self.env._("the standard does not support the unit of a line"),
            "BR-25": self.env._("a line has no name"),
            "BR-50": self.env._("your bank account has no BIC"),
            "BR-57": self.env._("the country of the delivery address is missing"),
            "BR-IC-12": self.env._("the delivery address is missing"),
            "BR-IC-11": self.env._("the delivery date is missing"),
            "BR-S-02": tax_numbers,
            "BR-Z-02": tax_numbers,
            "BR-E-02": tax_numbers,
            "BR-AE-02": tax_numbers,
            "BR-K-02": tax_numbers,
            "BR-IC-02": tax_numbers,
            "BR-G-02": tax_numbers,
        }
