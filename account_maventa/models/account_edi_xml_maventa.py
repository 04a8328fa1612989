from odoo import api, models


class AccountEdiXmlMaventa(models.AbstractModel):
    """A format that invoices go out in. To add one, inherit from this: no more.

    It appears in the settings and on customers by itself.
    """

    _name = "account.edi.xml.maventa"
    _description = "Document Format for Maventa"

    _maventa_key = None  # how settings and customers keep the choice
    _maventa_label = None  # how people see it
    _maventa_format = None  # InvoiceFormat: how Maventa calls it
    _maventa_packs_files = False  # files go beside the document, in a ZIP

    def _maventa_export(self, invoice, files):
        """Return file name and bytes of the document.

        :param files: (name, mimetype, bytes) of what goes along; the invoice's own
            PDF comes first; empty if data alone is wanted
        :raise UserError: the data does not allow for a valid document
        """
        raise NotImplementedError

    def _maventa_check(self, invoice):
        """Return what makes the document impossible, in words for the user."""
        return []

    def _maventa_remarks(self, invoice):
        """Return what people may want to know of the document; nothing stops it."""
        return []

    @api.model
    def _maventa_builders(self):
        """Return all formats that there are, by key."""
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
