"""What was sent or received stays what it is, by doors beside the document."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..guards import as_service
from .common_receive import MaventaReceiveCommon

PDF = b"%PDF-1.4 another"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDocumentsStay(MaventaReceiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "manager",
            groups="account.group_account_manager,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _received(self, key="clean"):
        """Return a draft bill, as an accountant sees it, from a known supplier."""
        self._supplier(key)
        return self._receive(key).move_id.with_user(self.accountant)

    def _refused(self, change, text=""):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            change()
            self.env.flush_all()

    def _zero(self, use, name="0% of a test"):
        return self.env["account.tax"].create(
            {
                "name": name,
                "amount": 0,
                "type_tax_use": use,
                "company_id": self.company.id,
                "ubl_cii_tax_category_code": "E",
                "ubl_cii_tax_exemption_reason_code": "VATEX-EU-132",
            }
        )

    def _sent(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        return move.with_user(self.accountant)

    # === TYPE === #

    def test_invoice_is_not_posted_as_a_credit_note(self):
        bill = self._received()
        for change in (
            bill.action_switch_move_type,
            lambda: bill.write({"move_type": "in_refund"}),
        ):
            change()
            receipt = bill.sudo().maventa_receipt_ids
            self._refused(bill.action_post, "is an invoice")
            self.assertIn("type_invoice", self._codes(receipt))
            self.assertEqual(receipt.state, "review")
            receipt.with_user(self.accountant).action_confirm()
            self._refused(bill.action_post, "is an invoice")
            receipt.with_user(self.accountant).action_read_again()
            self.assertEqual(bill.move_type, "in_invoice")
            self.assertNotIn("type_invoice", self._codes(receipt))
        bill.action_post()
        self.assertEqual(bill.amount_total_signed, -301.20)

    def test_credit_note_is_not_posted_as_an_invoice(self):
        self._supplier("credit_positive")
        receipt = self._receive("credit_positive")
        bill = receipt.move_id.with_user(self.accountant)
        self.assertEqual(bill.move_type, "in_refund")
        self.assertNotIn("type_credit", self._codes(receipt))
        bill.action_switch_move_type()
        self.assertIn("type_credit", self._codes(receipt))
        bill.action_switch_move_type()
        self.assertNotIn("type_credit", self._codes(receipt))

    def test_posted_bill_is_not_turned_round(self):
        bill = self._received()
        bill.action_post()
        self._refused(lambda: bill.write({"move_type": "in_refund"}))

    # === TAXES === #

    def test_tax_without_a_line_of_its_own_stays_on_what_was_sent(self):
        tax = self._zero("sale")
        move = self._invoice(
            invoice_line_ids=[
                Command.create({"name": "Care", "price_unit": 9, "tax_ids": [tax.id]})
            ]
        )
        self._zero("sale", "unused").with_user(self.manager).unlink()
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted", move.maventa_error)
        self._refused(tax.with_user(self.manager).unlink, "Archive")
        self.assertEqual(move.invoice_line_ids.tax_ids, tax)
        tax.with_user(self.manager).active = False

    def test_tax_of_a_group_stays_on_what_was_received(self):
        bill = self._received()
        child = self._zero("purchase")
        group = child.copy(
            {
                "name": "group of a test",
                "amount_type": "group",
                "children_tax_ids": child.ids,
            }
        )
        as_service(bill.invoice_line_ids.sudo()).tax_ids += group
        receipt = bill.sudo().maventa_receipt_ids
        receipt.with_user(self.accountant).action_confirm()
        bill.action_post()
        for tax in (child, group):
            self._refused(tax.with_user(self.manager).unlink, "Archive")

    # === PARTIES === #

    def _merge(self, target, other):
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        values = {"partner_ids": (target | other).ids, "dst_partner_id": target.id}
        wizard.create(values).action_merge()

    def test_supplier_of_a_received_bill_becomes_no_other(self):
        bill = self._received()
        supplier = bill.partner_id.sudo()
        contacts = self.env["res.partner"]
        other = contacts.create({"name": "Other Oy", "vat": "FI12345671"})
        bill.action_post()
        self._refused(lambda: self._merge(other, supplier), "another supplier")
        same = contacts.create({"name": "Siivous", "vat": supplier.vat})
        self._merge(same, supplier)
        self.assertEqual(bill.partner_id, same)

    # === PAYMENTS === #

    def test_payments_alone_say_that_a_document_is_paid(self):
        bill = self._received()
        bill.action_post()
        for move in (bill, self._sent()):
            for state in ("paid", "in_payment", "reversed", "partial"):
                self._refused(
                    lambda move=move, state=state: move.write({"payment_state": state}),
                    "payments",
                )
            self._refused(lambda move=move: move.write({"amount_residual": 0}))
            move.action_toggle_block_payment()
            self.assertEqual(move.payment_state, "blocked")
            move.action_toggle_block_payment()
            self.assertEqual(move.payment_state, "not_paid")
            move.write({"payment_state": "not_paid"})

    def test_document_is_the_entry_of_no_payment(self):
        bank = self.company_data["default_journal_bank"]
        payments = self.env["account.payment"].with_user(self.accountant)
        bill = self._received()
        bill.action_post()
        for move in (bill, self._sent()):
            values = {
                "amount": 1.0,
                "partner_id": move.partner_id.id,
                "journal_id": bank.id,
            }
            payment = payments.create(values)
            for change in (
                lambda move=move, values=values: payments.create(
                    {**values, "move_id": move.id}
                ),
                lambda move=move, payment=payment: payment.write({"move_id": move.id}),
                lambda move=move, payment=payment: move.write(
                    {"origin_payment_id": payment.id}
                ),
            ):
                self._refused(change, "entry of a payment")
            payment.action_post()

    # === FILES === #

    def test_picture_stays_as_it_came(self):
        bill = self._received()
        picture = bill.message_main_attachment_id
        receipt = bill.sudo().maventa_receipt_ids
        self.assertEqual(picture.sudo().checksum, receipt.image_id.checksum)
        own = self.env["ir.attachment"].with_user(self.accountant)
        own = own.create(
            {"name": "own.pdf", "raw": PDF, "res_model": bill._name, "res_id": bill.id}
        )
        for _state in ("draft", "posted"):
            for change in (
                lambda: picture.write({"raw": PDF}),
                lambda: picture.sudo().write({"raw": PDF}),
                lambda: picture.write({"res_id": 0}),
                picture.unlink,
                lambda: bill.write({"message_main_attachment_id": False}),
                lambda: bill.write({"message_main_attachment_id": own.id}),
            ):
                self._refused(change, "as they came")
            own.register_as_main_attachment()
            self.assertEqual(bill.message_main_attachment_id, picture)
            if bill.state == "draft":
                bill.action_post()
        own.unlink()

    def test_bill_that_is_deleted_takes_its_files_along(self):
        bill = self._received()
        picture = bill.message_main_attachment_id
        bill.unlink()
        self.assertFalse(picture.exists())

    # === READERS === #

    def test_customer_reads_his_invoice_without_what_maventa_says(self):
        move = self._failed()
        customer = self.env["res.users"].create(
            {
                "login": "customer",
                "name": "Customer",
                "partner_id": move.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        seen = move.with_user(customer)
        for name in ("status_id", "state", "error", "transfer_id", "timeline"):
            with self.subTest(name), self.assertRaises(AccessError):
                seen.read([f"maventa_{name}"])
        [row] = seen.read(["name", "alerts", "show_reset_to_draft_button"])
        self.assertFalse(row["alerts"])
        [row] = move.with_user(self.accountant).read(["maventa_error", "alerts"])
        self.assertIn("No routing found", row["maventa_error"])
        self.assertIn("maventa_error", row["alerts"])
