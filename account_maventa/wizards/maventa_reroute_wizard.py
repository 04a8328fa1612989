"""The dialog that resends an undelivered invoice by another channel."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded
from ..maventa_api import ElectronicAddress, Reroute, Route

NEEDED = {
    "email": ("email",),
    "print": ("name", "street", "post_code", "city", "country_id"),
    "einvoice": ("address", "operator_id"),
}


@guarded()
class MaventaRerouteWizard(models.TransientModel):
    _name = "maventa.reroute.wizard"
    _description = "Resend by Another Channel"

    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True)
    route = fields.Selection(
        [("email", "E-mail"), ("print", "Print"), ("einvoice", "E-invoice")],
        "Channel",
        required=True,
        default="email",
    )
    email = fields.Char(
        "E-mail",
        compute="_compute_recipient",
        store=True,
        compute_sudo=False,
        readonly=False,
    )
    name = fields.Char(
        compute="_compute_recipient", store=True, compute_sudo=False, readonly=False
    )
    street = fields.Char(
        compute="_compute_recipient", store=True, compute_sudo=False, readonly=False
    )
    street2 = fields.Char(
        compute="_compute_recipient", store=True, compute_sudo=False, readonly=False
    )
    post_code = fields.Char(
        compute="_compute_recipient", store=True, compute_sudo=False, readonly=False
    )
    city = fields.Char(
        compute="_compute_recipient", store=True, compute_sudo=False, readonly=False
    )
    country_id = fields.Many2one(
        "res.country",
        compute="_compute_recipient",
        store=True,
        compute_sudo=False,
        readonly=False,
    )
    address = fields.Char(
        "E-invoice Address",
        compute="_compute_recipient",
        store=True,
        compute_sudo=False,
        readonly=False,
    )
    operator_id = fields.Many2one(
        "res.partner.operator.einvoice",
        "E-invoice Operator",
        compute="_compute_recipient",
        store=True,
        compute_sudo=False,
        readonly=False,
        help="The bank or operator of the address.",
    )

    # === COMPUTES === #

    @api.depends("move_id")
    def _compute_recipient(self):
        for wizard in self:
            partner = wizard.move_id.partner_id
            commercial = wizard.move_id.commercial_partner_id
            wizard.email = partner.email_normalized or commercial.email_normalized
            wizard.name = commercial.name
            wizard.street = partner.street
            wizard.street2 = partner.street2
            wizard.post_code = partner.zip
            wizard.city = partner.city
            wizard.country_id = partner.country_id
            address = partner and partner._maventa_address() or ElectronicAddress()
            wizard.address = address.eia
            wizard.operator_id = address.operator and partner._maventa_operator(
                address.operator
            )

    # === ACTIONS === #

    def action_reroute(self):
        """Have Maventa send its document by this channel."""
        self.ensure_one()
        self.move_id.check_access("write")
        if missing := self._missing():
            raise UserError(self.env._("Enter these fields: %s.", ", ".join(missing)))
        if self.route == "einvoice" and (problem := self._address().problem()):
            raise UserError(self.env["maventa.messages"]._address_problem(problem))
        transfer = self.move_id.sudo().maventa_transfer_id
        self.env["maventa.delivery.tracking"]._reroute(transfer, self._target())
        return {"type": "ir.actions.act_window_close"}

    # === HELPERS === #

    def _missing(self):
        """Return the labels of the fields that the channel needs and that are empty."""
        needed = set(NEEDED[self.route])
        if not self.country_id._maventa_needs_post_code():
            needed.discard("post_code")
        return [
            field.string
            for name, field in self._fields.items()
            if name in needed and not self[name]
        ]

    def _address(self):
        return ElectronicAddress.parse(self.address, self.operator_id.identifier)

    def _target(self):
        """Return the channel and its fields, as ``maventa_api.Reroute``."""
        if self.route == "email":
            return Reroute(Route.EMAIL, {"recipient_email": self.email.strip()})
        if self.route == "einvoice":
            return Reroute(
                Route.EINVOICE,
                {
                    "recipient_eia": self._address().eia,
                    "recipient_operator": self.operator_id.identifier,
                },
            )
        post_code = self.country_id._maventa_post_code(self.post_code)
        street2 = {"recipient_address2": self.street2} if self.street2 else {}
        return Reroute(
            Route.PRINT,
            {
                "recipient_name": self.name,
                "recipient_address1": self.street,
                **street2,
                "recipient_post_code": post_code,
                "recipient_post_office": self.city,
                "recipient_country": self.country_id.code,
            },
        )
