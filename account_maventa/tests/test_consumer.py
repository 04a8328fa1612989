from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_finvoice import FinvoiceCommon

IBAN = "FI2112345600000785"
ID = "EPI-2026-7"


@tagged("post_install", "-at_install")
class TestConsumer(FinvoiceCommon):
    """Consumers in the network of Finland's banks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.partner_b
        cls.person.write(
            {
                "name": "Kaisa Kuluttaja",
                "is_company": False,
                "vat": False,
                "peppol_endpoint": False,
                "edicode": IBAN,
                "einvoice_operator_id": cls.env["res.partner"]
                ._maventa_operator("NDEAFIHH")
                .id,
                "maventa_payment_instruction": ID,
            }
        )

    def _bill(self, **values):
        today = fields.Date.context_today(self.person)
        defaults = {
            "partner": self.person,
            "payment_reference": "1232",
            "invoice_date": today - timedelta(days=5),
            "invoice_date_due": today + timedelta(days=20),
            "invoice_payment_term_id": False,
        }
        return self._invoice(**(defaults | values))

    def _transfer(self, move):
        self._to_transfer(move)
        self._run_cron()
        return move.maventa_transfer_id

    def test_payment_instruction_is_in_upload_and_document(self):
        move = self._bill()
        transfer = self._transfer(move)
        self.assertFalse(transfer.error)
        held = self._held()[move.name]
        self.assertEqual(held.payment_instruction, ID)
        self.assertEqual(held.recipient_eia, IBAN)
        tree = self._tree(move)
        path = "EpiDetails/EpiPaymentInstructionDetails/EpiPaymentInstructionId"
        self.assertEqual(tree.findtext(path), ID)
        self.assertIsNone(tree.find("BuyerPartyDetails/BuyerPartyIdentifier"))

    def test_problems_for_the_bank_are_listed_together(self):
        self.person.maventa_payment_instruction = False
        overdue = fields.Date.context_today(self.person) - timedelta(days=1)
        move = self._bill(payment_reference="Lasku 7", invoice_date_due=overdue)
        move.payment_reference = "Lasku 7"
        transfer = self._transfer(move)
        self.assertEqual(transfer.state, "invalid")
        for words in ("payment instruction id", "Lasku 7", "overdue"):
            self.assertIn(words, transfer.error)
        self.assertFalse(self._held())

    def test_consumer_requires_bank_as_operator(self):
        self.person.einvoice_operator_id = False
        transfer = self._transfer(self._bill())
        self.assertIn("Choose the bank", transfer.error)

    def test_company_in_bank_network_needs_no_instruction(self):
        self.person.write(
            {
                "is_company": True,
                "vat": "FI98765430",
                "maventa_payment_instruction": False,
            }
        )
        move = self._bill()
        self.assertEqual(self._transfer(move).state, "accepted")
        self.assertEqual(self._held()[move.name].payment_instruction, "")

    def test_person_by_email_needs_no_instruction(self):
        self.person.write(
            {
                "edicode": False,
                "einvoice_operator_id": False,
                "email": "kaisa@example.com",
                "maventa_payment_instruction": False,
            }
        )
        self.assertEqual(self._transfer(self._bill()).state, "accepted")

    def test_credit_note_of_consumer_needs_no_reference(self):
        note = self._bill(move_type="out_refund", payment_reference=False)
        self.assertEqual(self._transfer(note).state, "accepted")
