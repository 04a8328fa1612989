from odoo import fields, models
from odoo.tools import html_escape

from .billingo_connection_trouble import WARNING


class BillingoConnection(models.Model):
    _inherit = "billingo.connection"

    # Who is responsible follows the connection; followers choose the kinds of
    # messages that they get, as everywhere in Odoo.
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets an activity when the connection was switched off or a document "
        "could not be processed. Whoever follows the connection gets messages, and "
        "chooses which in the subscription.",
    )

    def _notify(self, subtype, title, text, document=None):
        """Tell the followers who want this kind; the responsible gets an activity."""
        self.ensure_one()
        record = document or self
        record.activity_unlink([WARNING])
        record.activity_schedule(
            WARNING,
            summary=title,
            note=text,
            user_id=(self.user_id or self.env.user).id,
        )
        if document and document._is_told_already():
            return
        # The subject stands above the text already.
        link = document and document._get_html_link()
        self.message_post(
            subject=title,
            body=html_escape(": ").join((link, text)) if link else text,
            subtype_xmlid=f"account_billingo_import.{subtype}",
        )
