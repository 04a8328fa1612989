"""Customers: tax number and name stay once documents are signed for them.

Despacho 8632/2014, 3.3.3 and 3.3.4: the tax number never changes after the first
document; where it is missing or that of the final consumer, it may be filled in, and
until then the name stays.
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..at_series import FINAL_CONSUMER
from ..guards import guarded
from .l10n_pt_atcud_document_mixin import MIXIN


@guarded()
class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        for partner in self if {"vat", "name"} & vals.keys() else ():
            partner._l10n_pt_atcud_check_identity(vals)
        return super().write(vals)

    def _l10n_pt_atcud_check_identity(self, vals):
        """Raise when ``vals`` change what signed documents say of the customer."""
        name = "vat" if known_number(self.vat) else "name"
        if name not in vals or (vals[name] or "") == (self[name] or ""):
            return
        if not self._l10n_pt_atcud_has_signed():
            return
        raise self._l10n_pt_atcud_identity_error(name)

    def _l10n_pt_atcud_check_merge(self, target):
        """Raise when documents that are issued to these would name another customer.

        :param target: the customer who stays; what he lacks he gets from these
        """

        def kept(name):
            values = [one[name] for one in (*self, target) if one[name]]
            return values[-1] if values else ""

        for partner in self.sudo():
            number = known_number(partner.vat)
            name = "vat" if number else "name"
            is_kept = (
                number == known_number(kept("vat"))
                if number
                else (partner.name or "") == kept("name")
            )
            if not is_kept and partner._l10n_pt_atcud_has_issued():
                raise partner._l10n_pt_atcud_identity_error(name)

    def _l10n_pt_atcud_identity_error(self, name):
        field = self._fields[name]._description_string(self.env)
        return UserError(
            self.env._(
                "Issued documents name %(customer)s, so its field “%(field)s” cannot "
                "be changed any more. Create a new contact.",
                customer=self.display_name,
                field=field,
            )
        )

    def _l10n_pt_atcud_has_signed(self):
        """Return whether documents of any company are signed for the customer."""
        return self._l10n_pt_atcud_is_named(Domain("l10n_pt_atcud_hash", "!=", False))

    def _l10n_pt_atcud_has_issued(self):
        """Return whether documents of any company and model are for the customer."""
        issued = Domain("l10n_pt_atcud_value", "!=", False)
        external = Domain("l10n_pt_atcud_is_external", "=", True)
        external &= Domain("state", "=", "posted")
        if self._l10n_pt_atcud_is_named(issued | external):
            return True
        for name in self.env[MIXIN]._l10n_pt_atcud_models():
            documents = self.env[name].sudo().with_context(active_test=False)
            own = documents._l10n_pt_atcud_customer_domain(self)
            if documents.search_count(own & issued, limit=1):
                return True
        return False

    def _l10n_pt_atcud_is_named(self, documents):
        customer = Domain("partner_id", "=", self.id)
        customer |= Domain("commercial_partner_id", "=", self.id)
        moves = self.env["account.move"].sudo()
        return bool(moves.search_count(customer & documents, limit=1))


def known_number(vat):
    """Return the tax number of a customer who has one, or ``""``."""
    number = (vat or "").removeprefix("PT")
    return "" if number in ("0", "/", FINAL_CONSUMER) else number
