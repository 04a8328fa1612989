"""A readable page of a received document, where there is no picture of it."""

from markupsafe import Markup
from odoo import api, models

from ..guards import internal
from ..maventa_api import documents_in
from ..maventa_api.finvoice import UnreadableError
from ..remote_text import as_html

LONGEST_LIST = 300  # rows; the document has the others


@internal
class MaventaReceiptRendering(models.AbstractModel):
    _name = "maventa.receipt.rendering"
    _description = "Rendering of Received Documents"

    # === PUBLIC === #

    @api.model
    def _html(self, receipt):
        """Return the content as HTML; what the sender wrote is text everywhere."""
        file = receipt.sudo().with_context(bin_size=False).document_id
        try:
            document = documents_in(file.raw or b"")[0]
        except UnreadableError:
            return False
        parts = [self._as_table(self._facts(document))]
        if doc := document.finvoice:
            rows = [self._row(row) for row in doc.rows[:LONGEST_LIST]]
            parts.append(self._as_table(rows))
            parts.append(as_html("\n".join(doc.texts)))
        return Markup().join(parts)

    # === HELPERS === #

    def _facts(self, document):
        figures, seller = document.figures, document.seller
        facts = [
            (self.env._("Seller"), seller.name, seller.vat or seller.business_id),
            (self.env._("Buyer"), document.buyer.name, document.buyer.business_id),
            (self.env._("Number"), document.number, document.type_code),
            (self.env._("Date"), document.date, ""),
            (self.env._("Due"), document.due_date, ""),
            (self.env._("Reference"), document.reference, ""),
            (self.env._("Account"), ", ".join(document.accounts), document.payee),
            (self.env._("Untaxed"), figures.net, document.currency),
            (self.env._("VAT"), figures.vat, document.currency),
            (self.env._("Total"), figures.total, document.currency),
            (self.env._("To pay"), figures.payable, document.currency),
        ]
        return [row for row in facts if row[1] not in (None, "")]

    def _row(self, row):
        texts = "\n".join(filter(None, [row.name, *row.texts]))
        rate = "" if row.vat_rate is None else f"{row.vat_rate} %"
        amount = "" if row.net is None else row.net
        return texts, row.quantity or "", row.unit, row.price or "", rate, amount

    def _as_table(self, rows):
        cell = Markup("<td>%s</td>")
        lines = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(cell % as_html(str(value or "")) for value in row)
            for row in rows
        )
        return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % lines
