from dataclasses import replace

from odoo import fields, models


class MaventaTransfer(models.Model):
    """To whom exactly: address and operator together force the way.

    A consumer's bank wants its own identifier besides.
    """

    _inherit = "maventa.transfer"

    recipient_operator = fields.Char("E-invoice Operator", readonly=True, copy=False)
    payment_instruction = fields.Char(
        "Payment Instruction Id", readonly=True, copy=False
    )

    def _upload(self):
        return replace(
            super()._upload(),
            recipient_operator=self.recipient_operator or "",
            payment_instruction=self.payment_instruction or "",
        )
