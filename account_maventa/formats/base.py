"""The seam for document formats."""

from odoo import api, models

from ..services.check_finding import Finding


class AccountEdiXmlMaventa(models.AbstractModel):
    """A format of outgoing documents. To add one, inherit from this, no more.

    It appears in the settings and on customers by itself.
    """

    _name = "account.edi.xml.maventa"
    _description = "Document Format for Maventa"

    _maventa_key = None  # the value in settings and on customers
    _maventa_label = None  # the label
    _maventa_format = None  # InvoiceFormat: Maventa's name
    _maventa_packs_files = False  # attachments are sent beside it, in a ZIP

    def _maventa_export(self, invoice, files):
        """Return file name and bytes of the document.

        :param files: (name, mimetype, bytes) of the attachments; the invoice's own
            PDF comes first; empty if only data is sent
        :raise UserError: the data does not allow a valid document
        """
        raise NotImplementedError

    def _maventa_check(self, invoice):
        """Return the problems that prevent the document, as texts for the user."""
        return []

    def _maventa_findings(self, invoice):
        """Return the same problems, each with the record where it is put right.

        :return: :class:`~..services.check_finding.Finding`
        """
        return [Finding(text) for text in self._maventa_check(invoice)]

    def _maventa_remarks(self, invoice):
        """Return texts about the document that users may want to know."""
        parties, remarks = self.env["maventa.parties"], []
        if not parties._identifiers(invoice.partner_id).electronic:
            remarks.append(
                self.env._(
                    "%s has no electronic address: e-mail and print are the only "
                    "channels.",
                    invoice.partner_id.display_name,
                )
            )
        values = self.env["maventa.document.values"]
        remarks += values._head_remarks(invoice)
        remarks += self.env["maventa.vat.rates"]._remarks(invoice)
        return remarks + list(filter(None, [parties._missing_kvk(invoice)]))

    @api.model
    def _maventa_builders(self):
        """Return all formats by key."""
        names = self.env.registry.descendants(["account.edi.xml.maventa"], "_inherit")
        builders = [self.env[name] for name in sorted(names)]
        return {
            builder._maventa_key: builder
            for builder in builders
            if builder._maventa_key
        }

    @api.model
    def _maventa_selection(self):
        """Return keys and labels for selection fields."""
        builders = self._maventa_builders().values()
        return sorted(
            ((builder._maventa_key, builder._maventa_label) for builder in builders),
            key=lambda pair: pair[1],
            reverse=True,  # Peppol first
        )
