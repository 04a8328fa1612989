from odoo import Command
from odoo.tests import tagged

from .common_finvoice import FinvoiceCommon

ODD = "Lumi\x07työ \N{SNOWMAN}\x0b łódź & <b>"


@tagged("post_install", "-at_install")
class TestUnusualTexts(FinvoiceCommon):
    """What people paste into fields does not keep an invoice from its customer."""

    def _odd(self):
        return self._invoice(
            ref=ODD,
            narration=f"<p>{ODD}</p>",
            invoice_line_ids=[
                Command.create({"display_type": "line_note", "name": ODD}),
                Command.create(
                    {
                        "name": ODD,
                        "price_unit": 10,
                        "tax_ids": [Command.set(self.standard.ids)],
                    }
                ),
            ],
        )

    def test_control_characters_and_symbols_are_accepted(self):
        self.partner_a.name = f"Jää {ODD} Oy"
        for kind in ("peppol", "finvoice"):
            with self.subTest(kind):
                self.company.maventa_format = kind
                move = self._to_transfer(self._odd())
                self._run_cron()
                self.assertFalse(move.maventa_error)
                self.assertEqual(move.maventa_state, "accepted")

    def test_first_of_several_email_addresses_is_used(self):
        self.partner_a.email = "Jää <first@example.com>, second@example.com"
        move = self._to_transfer(self._invoice())
        self._run_cron()
        held = self._held()[move.name]
        self.assertEqual(held.recipient_email, "first@example.com")
