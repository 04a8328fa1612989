"""The official rules before the upload, by the rule files of an administrator."""

import threading

from odoo import api, models
from odoo.exceptions import ValidationError

from ..guards import internal
from ..maventa_api.official_rules import (
    CheckFailedError,
    RuleFile,
    RuleKind,
    RulesError,
    RuleSeverity,
    RulesProblem,
    has_saxon,
)
from ..maventa_api.rules_process import RulesProcess

MOST_SHOWN = 10
# Compiling takes seconds; a process belongs to the thread that made it.
_kept = threading.local()


@internal
class MaventaOfficialRules(models.AbstractModel):
    """Checks documents; without rule files it finds nothing, and says so in settings.

    Nothing is written here, but that a rule file cannot be used.
    """

    _name = "maventa.official.rules"
    _description = "Official Rules for Documents"

    # === PUBLIC === #

    @api.model
    def _assert_valid(self, move, document_format, xml, lines):
        """Refuse a document that the loaded rules refuse.

        :param document_format: key of the format (``account.edi.xml.maventa``)
        :param lines: the product lines in the order of the document
        :raise ValidationError: with the rule, its text, and the place of each finding
        """
        company = move.maventa_account_company_id.sudo()
        if not company.maventa_check_rules:
            return
        files = self.env["maventa.rule.file"].sudo()._usable(document_format)
        if not files:
            return
        try:
            findings = self._rules(files).check(xml)
        except RulesError as error:
            raise ValidationError(self._rules_problem(error)) from error
        except CheckFailedError as error:
            raise ValidationError(
                self.env._(
                    "The official rules could not check the document: %s. An "
                    "administrator can look after the rule files, or switch the check "
                    "off (Settings, Maventa).",
                    error,
                )
            ) from error
        texts = [
            self._finding_text(move, finding, lines)
            for finding in findings
            if finding.severity == RuleSeverity.ERROR
        ]
        if texts:
            texts = list(dict.fromkeys(texts))
            raise ValidationError("\n".join(texts[:MOST_SHOWN]))

    @api.model
    def _problem_of(self, files):
        """Return why a set of rule files cannot be used, as text, or nothing.

        :param files: ``maventa.rule.file``
        """
        try:
            with RulesProcess(self._values(files)) as rules:
                rules.start()
        except RulesError as error:
            return self._rules_problem(error)
        except CheckFailedError as error:
            return self.env._("The rules do not start on this server: %s", error)
        return ""

    @api.model
    def _state_text(self):
        """Return what the settings say about the official rules."""
        files = self.env["maventa.rule.file"].sudo().search([("id", "!=", False)])
        if not files:
            return self.env._(
                "No rule files are loaded: Odoo's own checks are used. An "
                "administrator can load the official rule files."
            )
        if not has_saxon() and "xslt" in files.mapped("kind"):
            return self.env._(
                "The Python package saxonche is not installed: rule files in XSLT are "
                "not used, only schemas and Odoo's own checks."
            )
        unusable = files.filtered("problem")
        if unusable:
            return self.env._(
                "Not used, because of a problem: %s.",
                ", ".join(unusable.mapped("name")),
            )
        return self.env._("%s rule files are loaded and used.", len(files))

    @api.model
    def _rules_problem(self, error):
        """Return the text for a rule file that cannot be used."""
        texts = {
            RulesProblem.SAXON_MISSING: self.env._(
                "Rules in XSLT need the Python package saxonche, which is not "
                "installed on this server."
            ),
            RulesProblem.TOO_LARGE: self.env._("The file is too large for rules."),
            RulesProblem.NOT_XML: self.env._("The file is not valid XML."),
            RulesProblem.UNCOMPILED: self.env._(
                "The file is Schematron. Load the XSLT that its publisher made of it."
            ),
            RulesProblem.UNKNOWN_KIND: self.env._(
                "The file is neither a stylesheet (XSLT) nor a schema (XSD), or its "
                "name has unusual characters."
            ),
            RulesProblem.REACHES_OUT: self.env._(
                "The file wants to read other files or the network, which is not "
                "allowed."
            ),
            RulesProblem.NOT_USABLE: self.env._("The file cannot be used."),
            RulesProblem.FILE_MISSING: self.env._(
                "A schema that another one needs is missing; load it, too."
            ),
        }
        parts = [f"{error.name}:", texts[error.problem], error.detail]
        return " ".join(filter(None, parts))

    # === HELPERS === #

    def _values(self, files):
        return tuple(
            RuleFile(
                row.name,
                row.content,
                RuleKind(row.kind),
                row.document or "",
                row.is_main,
            )
            for row in files
        )

    def _rules(self, files):
        """Return the process that checks by these files; the last one is kept."""
        key = (self.env.cr.dbname, tuple((row.id, row.sha256) for row in files))
        if getattr(_kept, "key", None) != key:
            if earlier := getattr(_kept, "rules", None):
                earlier.close()
            _kept.key, _kept.rules = key, RulesProcess(self._values(files))
        return _kept.rules

    def _finding_text(self, move, finding, lines):
        place = self._place(move, finding.location, lines)
        text = finding.text.removeprefix(f"[{finding.rule}]").lstrip("- ")
        return self.env._(
            "%(place)s: %(text)s (rule %(rule)s)",
            place=place,
            text=text,
            rule=finding.rule or finding.file,
        )

    def _place(self, move, location, lines):
        """Return what of the invoice a place in the document is about."""
        for part in ("InvoiceLine", "CreditNoteLine", "InvoiceRow"):
            _before, found, rest = location.partition(part)
            if found:
                number = rest.partition("]")[0].lstrip("[") if rest[:1] == "[" else "1"
                name = self.env["maventa.ubl.problems"]._line_name(number, lines)
                return self.env._('Line "%s"', name)
        places = self._places(move)
        fields = (text for part, text in places.items() if part in location)
        return next(fields, self.env._("Document"))

    def _places(self, move):
        customer = move.partner_id.display_name
        company = move.company_id.display_name
        return {
            "AccountingCustomerParty": self.env._("Customer %s", customer),
            "Buyer": self.env._("Customer %s", customer),
            "AccountingSupplierParty": self.env._("Company %s", company),
            "Seller": self.env._("Company %s", company),
            "Delivery": self.env._("Delivery address"),
            "PaymentMeans": self.env._("Recipient bank"),
            "EpiDetails": self.env._("Recipient bank"),
            "PaymentTerms": self.env._("Payment terms"),
            "TaxTotal": self.env._("Taxes"),
            "VatSpecification": self.env._("Taxes"),
            "OrderReference": self.env._("Customer reference"),
            "BillingReference": self.env._("Credited invoice"),
            "AllowanceCharge": self.env._("Discounts"),
            "MonetaryTotal": self.env._("Totals"),
        }
