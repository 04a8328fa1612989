from odoo import api, fields, models


class MaventaWords(models.AbstractModel):
    """Words of Maventa's interface, as people say them in their language.

    A word that is not known here is shown as Maventa writes it, in quotes.
    """

    _name = "maventa.words"
    _description = "Words of Maventa's Interface"

    @api.model
    def _say(self, known, word):
        if not word:
            return ""
        return known.get(word.upper()) or f'"{word}"'

    @api.model
    def _channel(self, word):
        """Return a channel, route or destination."""
        known = {
            "EINVOICE": self.env._("E-invoice"),
            "EMAIL": self.env._("E-mail"),
            "PRINT": self.env._("Print"),
            "SCAN": self.env._("Scan"),
        }
        return self._say(known, word)

    @api.model
    def _invoice_status(self, word):
        known = {
            "PENDING": self.env._("On its way"),
            "DELIVERED": self.env._("Delivered"),
            "FAILED": self.env._("Failed"),
        }
        return self._say(known, word)

    @api.model
    def _authentication(self, word):
        known = {
            "NONE": self.env._("Not asked for"),
            "PENDING": self.env._("Being prepared"),
            "SENT": self.env._("E-mail sent"),
            "SIGNED": self.env._("Signed, not confirmed by Maventa yet"),
            "CANCELED": self.env._("Cancelled"),
        }
        return self._say(known, word)

    @api.model
    def _document_format(self, word):
        builders = self.env["account.edi.xml.maventa"]._maventa_builders().values()
        known = {row._maventa_format: row._maventa_label for row in builders}
        return self._say(known, word)


class MaventaTransfer(models.Model):
    """What Maventa said, in words for people; its own are in the details."""

    _inherit = "maventa.transfer"

    number = fields.Integer("Attempt", compute="_compute_number")
    destination_label = fields.Char("Way", compute="_compute_labels")
    remote_status_label = fields.Char("At Maventa", compute="_compute_labels")
    document_format_label = fields.Char("Format", compute="_compute_labels")
    disabled_routes_label = fields.Char("Ways not allowed", compute="_compute_labels")

    @api.depends("move_id.maventa_transfer_ids")
    def _compute_number(self):
        for transfer in self:
            siblings = transfer.move_id.maventa_transfer_ids.sorted("id")
            earlier = siblings.filtered(lambda row, mine=transfer: row.id <= mine.id)
            transfer.number = len(earlier)

    @api.depends("destination", "remote_status", "document_format", "disabled_routes")
    @api.depends_context("lang")
    def _compute_labels(self):
        words = self.env["maventa.words"]
        for transfer in self:
            transfer.destination_label = words._channel(transfer.destination)
            transfer.remote_status_label = words._invoice_status(transfer.remote_status)
            kind = words._document_format(transfer.document_format)
            transfer.document_format_label = kind
            routes = (transfer.disabled_routes or "").split()
            transfer.disabled_routes_label = ", ".join(map(words._channel, routes))


class ResCompany(models.Model):
    _inherit = "res.company"

    maventa_auth_label = fields.Char(
        "Maventa Authentication", compute="_compute_maventa_auth_label"
    )

    @api.depends("maventa_auth_state", "maventa_account_state")
    @api.depends_context("lang")
    def _compute_maventa_auth_label(self):
        words = self.env["maventa.words"]
        for company in self:
            # Of who is verified, how it came to that is no news any more.
            is_open = company.maventa_account_state != "verified"
            word = is_open and words._authentication(company.maventa_auth_state)
            company.maventa_auth_label = word
