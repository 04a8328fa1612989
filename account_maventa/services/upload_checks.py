"""The checks before the upload: missing or wrong data of an invoice."""

from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import internal
from ..maventa_api.attachments import LARGEST_PACKAGE, MEGABYTE
from .check_finding import texts_of


@internal
class MaventaUploadChecks(models.AbstractModel):
    """Problems are texts for the user; the checks write nothing.

    Banks' rules for consumers' e-invoices: Finvoice 3.0 and Maventa's knowledge base
    on "EpiDetails" and B2C. The preceding exchange of notices (SenderInfo,
    ReceiverInfo) is done at Maventa or at the bank.
    """

    _name = "maventa.upload.checks"
    _description = "Checks before the Upload to Maventa"

    # === PUBLIC === #

    @api.model
    def _problems(self, move, *, is_of_format=False):
        """Return all problems of the invoice, as a list of texts.

        :param is_of_format: whether those of the format are wanted by themselves;
            before the upload they are found when the document is made
        """
        move.ensure_one()
        problems = [
            *self._seller_problems(move),
            *self._buyer_problems(move),
            *self._file_problems(move),
        ]
        if problems or is_of_format:  # they are shown together
            builder = self.env["maventa.document.maker"]._builder(move)
            with suppress(UserError):
                problems += builder._maventa_check(move)
        return list(dict.fromkeys(problems))

    # === SELLER === #

    @api.model
    def _seller_problems(self, move):
        values = self.env["maventa.document.values"]
        problems = texts_of(values._account_findings(move))
        seller = self.env["maventa.parties"]._seller(move)
        if missing := self._missing(seller):
            problems.append(
                self.env._(
                    "The address of your company %(company)s is not complete: "
                    "%(missing)s.",
                    company=seller.display_name,
                    missing=missing,
                )
            )
        return problems

    # === BUYER === #

    @api.model
    def _buyer_problems(self, move):
        problems = self._buyer_address_problems(move)
        if move.partner_id._maventa_is_bank_consumer():
            problems += self._consumer_problems(move)
        company = move.maventa_account_company_id.sudo()
        account = company.maventa_account_id
        print_is_off = account.print_checked_at and not account.print_enabled
        # For an incomplete address the missing channels are listed already.
        if print_is_off and not problems and not self._has_electronic_route(move):
            problems.append(
                self.env._(
                    "The invoice for %s can only be printed, and Maventa's print "
                    "service is off. Enter an e-invoice address, or switch the print "
                    "service on (Settings, Maventa).",
                    move.partner_id.display_name,
                )
            )
        return problems

    def _buyer_address_problems(self, move):
        partner = move.partner_id
        problems = [partner._maventa_address_problem()]
        if partner._maventa_has_operator_only():
            problems.append(
                self.env._(
                    "%s has an e-invoice operator, but no e-invoice address. Enter the "
                    "address, or remove the operator.",
                    partner.display_name,
                )
            )
        if missing := self._missing(partner):
            problems.append(
                self.env._(
                    "The address of %(customer)s is not complete: %(missing)s.",
                    customer=partner.display_name,
                    missing=missing,
                )
            )
            if not self._has_electronic_route(move):
                problems.append(
                    self.env._(
                        "%s has no e-invoice address, no business id, and no e-mail "
                        "address that may be used.",
                        partner.display_name,
                    )
                )
        parties = self.env["maventa.parties"]
        if not parties._identifiers(partner).electronic:  # nothing else names it
            problems.append(parties._missing_kvk(move))
        return [problem for problem in problems if problem]

    def _consumer_problems(self, move):
        """Return why the bank of a consumer would refuse the invoice."""
        person, problems = move.commercial_partner_id, []
        if not person.maventa_payment_instruction:
            problems.append(
                self.env._(
                    "%s receives e-invoices in the online bank. Enter the payment "
                    "instruction id from the bank's notice on the customer.",
                    person.display_name,
                )
            )
        if not move.partner_id._maventa_address().operator:
            problems.append(
                self.env._(
                    "%s receives e-invoices in the online bank. Choose the bank as "
                    "e-invoice operator.",
                    person.display_name,
                )
            )
        if move.move_type == "out_invoice":
            problems += self._consumer_invoice_problems(move)
        return problems

    def _consumer_invoice_problems(self, move):
        problems = []
        if not self.env["maventa.document.values"]._bank_reference(move):
            problems.append(
                self.env._(
                    "The e-invoice of a consumer needs a Finnish or RF payment "
                    "reference. This reference is not valid: %s",
                    move.payment_reference or "-",
                )
            )
        due = move.invoice_date_due or move.invoice_date
        if due < fields.Date.context_today(move):
            problems.append(
                self.env._("Banks do not accept an overdue e-invoice of a consumer.")
            )
        return problems

    # === FILES === #

    @api.model
    def _file_problems(self, move):
        if not move.maventa_sends_files:
            return []
        packed = self.env["maventa.document.maker"]._builder(move)._maventa_packs_files
        files = move._maventa_chosen_files()
        problems = [file._maventa_problem(packed=packed) for file in files]
        if sum(files.mapped("file_size")) > LARGEST_PACKAGE:
            problems.append(
                self.env._(
                    "The attachments are larger than %s MB together.",
                    LARGEST_PACKAGE // MEGABYTE,
                )
            )
        return [problem for problem in problems if problem]

    # === HELPERS === #

    def _missing(self, partner):
        """Return the missing parts of the postal address, as one text."""
        labels = {
            "street": self.env._("street"),
            "zip": self.env._("post code"),
            "city": self.env._("city"),
            "country_id": self.env._("country"),
        }
        if not partner.country_id._maventa_needs_post_code():
            del labels["zip"]
        return ", ".join(text for name, text in labels.items() if not partner[name])

    def _has_electronic_route(self, move):
        partner = move.commercial_partner_id
        return bool(
            move.partner_id._maventa_address()
            or partner.peppol_endpoint
            or self.env["maventa.parties"]._identifiers(move.partner_id).legal
            or self.env["maventa.document.maker"]._recipient(move)["recipient_email"]
        )
