"""Downloads of documents: a certified program hands out issued ones only."""

from odoo.addons.account.controllers.download_docs import (
    AccountDocumentDownloadController,
)
from odoo.http import request, route


class AtcudDocumentDownload(AccountDocumentDownloadController):
    @route()
    def download_invoice_documents_filetype(self, invoices, *args, **kwargs):
        # Files of other addons, such as UBL, are no reports.
        request.env["l10n_pt_atcud.signed_printing"].check(invoices)
        return super().download_invoice_documents_filetype(invoices, *args, **kwargs)
