"""What is paid already is not paid again, and nothing is paid to just any account."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common_receive import MaventaReceiveCommon

LISTED = "FI2112345600000785"
VALIDATOR = (
    "account.group_account_invoice,account.group_validate_bank_account,"
    "base.group_partner_manager"
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestReceivePayment(MaventaReceiveCommon):
    def _posted(self, sample):
        """Return a receipt whose bill is checked and posted."""
        receipt = self._receive(sample)
        receipt.action_confirm()
        receipt.move_id.action_post()
        return receipt

    def _partly(self, paid="100"):
        self._supplier("clean")
        return self._posted(self._changed("clean", number="P-1", paid=Decimal(paid)))

    def _dialog(self, moves, **values):
        dialogs = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        return dialogs.create(values)

    def _banner(self, move):
        alerts = move.with_user(self.accountant).alerts or {}
        return {key: x for key, x in alerts.items() if "receipt_demo" not in key}

    # === PAID ALREADY === #

    def test_posted_bill_tells_what_is_paid_until_payments_cover_it(self):
        move = self._partly().move_id
        [alert] = self._banner(move).values()
        self.assertIn("100.00 is paid already", alert["message"])
        self.assertEqual(alert["level"], "danger")
        self._dialog(move)._create_payments()
        self.assertAlmostEqual(move.amount_residual, 100)
        self.assertTrue(self._banner(move))
        past = self._dialog(move, payment_date=move.invoice_date)
        self.assertAlmostEqual(past.amount, 100)
        past._create_payments()
        self.assertAlmostEqual(move.amount_residual, 0)
        self.assertFalse(self._banner(move))

    def test_dialog_proposes_the_rest_and_says_why(self):
        move = self._partly().move_id
        dialog = self._dialog(move)
        self.assertAlmostEqual(dialog.amount, 201.20)
        text = dialog.actionable_errors["maventa_paid"]["message"]
        self.assertIn("is paid already", text)
        with Form(dialog) as form:
            self.assertAlmostEqual(form.amount, 201.20)

    def test_more_than_the_rest_is_not_paid(self):
        move = self._partly().move_id
        with self.assertRaisesRegex(UserError, "is paid already"):
            self._dialog(move, amount=301.20)._create_payments()
        self._dialog(move)._create_payments()
        with self.assertRaisesRegex(UserError, "is paid already"):
            self._dialog(move)._create_payments()
        self.assertAlmostEqual(move.amount_residual, 100)

    def test_several_bills_at_once_are_refused_while_one_is_partly_paid(self):
        first = self._partly().move_id
        second = self._posted(self._changed("clean", number="P-9")).move_id
        for group in (True, False):
            with self.assertRaisesRegex(UserError, "one bill at a time"):
                self._dialog(first | second, group_payment=group)._create_payments()
        self._dialog(second)._create_payments()
        self.assertAlmostEqual(second.amount_residual, 0)

    def test_payment_before_the_invoice_counts_as_what_was_paid(self):
        move = self._partly().move_id
        early = move.invoice_date - timedelta(days=5)
        self._dialog(move, payment_date=early, amount=100)._create_payments()
        self.assertFalse(self._banner(move))
        dialog = self._dialog(move)
        self.assertAlmostEqual(dialog.amount, 201.20)
        dialog._create_payments()
        self.assertAlmostEqual(move.amount_residual, 0)

    def test_invoice_that_is_paid_wholly_is_not_paid_again(self):
        receipt = self._partly(paid="301.20")
        self.assertIn("paid already", str(self._banner(receipt.move_id)))
        self.assertEqual(self._dialog(receipt.move_id).amount, 0)
        with self.assertRaises(UserError):
            self._dialog(receipt.move_id)._create_payments()

    def test_person_who_pays_in_full_is_told_in_the_history(self):
        receipt = self._partly()
        [alert] = self._banner(receipt.move_id).values()
        self.assertEqual(alert["action_call"][1], "action_pay_in_full")
        receipt.with_user(self.accountant).action_pay_in_full()
        self.assertFalse(self._banner(receipt.move_id))
        self.assertIn("paid in full", receipt.timeline)
        self._dialog(receipt.move_id)._create_payments()
        self.assertAlmostEqual(receipt.move_id.amount_residual, 0)

    # === THE ACCOUNT === #

    def test_account_that_the_payment_names_counts_not_one_of_the_sellers_list(self):
        supplier = self._supplier("clean", iban=LISTED)
        block = (
            "<SellerInformationDetails><SellerAccountDetails><SellerAccountID>"
            f"{LISTED}</SellerAccountID><SellerBic>NDEAFIHH</SellerBic>"
            "</SellerAccountDetails></SellerInformationDetails><InvoiceDetails>"
        )
        sample = self._sample("clean")
        data = sample.formats["FINVOICE30"]
        changed = data.replace(b"<InvoiceDetails>", block.encode(), 1)
        self.assertNotEqual(changed, data)
        formats = {**sample.formats, "FINVOICE30": changed}
        receipt = self._receive(replace(sample, formats=formats))
        self.assertFalse(receipt.move_id.partner_bank_id)
        self.assertIn("account_changed", self._codes(receipt))
        receipt.move_id.partner_bank_id = supplier.bank_ids
        self.assertIn("account_differs", self._codes(receipt))

    def test_bill_without_a_confirmed_account_is_paid_to_none_by_itself(self):
        supplier = self._supplier("clean", iban=LISTED)
        move = self._posted("clean").move_id
        self.assertFalse(move.partner_bank_id)
        dialog = self._dialog(move)
        self.assertFalse(dialog.partner_bank_id)
        self.assertIn("maventa_account", dialog.actionable_errors)
        self.assertFalse(dialog._get_batch_account(dialog.batches[0]))
        payment = dialog._create_payments()
        self.assertFalse(payment.partner_bank_id)
        other = self._posted(self._changed("clean", number="Q-2")).move_id
        third = self._posted(self._changed("clean", number="Q-3")).move_id
        both = self._dialog(other | third, group_payment=False)._create_payments()
        self.assertFalse(both.partner_bank_id)
        chosen = self._posted(self._changed("clean", number="Q-4")).move_id
        dialog = self._dialog(chosen, partner_bank_id=supplier.bank_ids.id)
        self.assertEqual(dialog._create_payments().partner_bank_id, supplier.bank_ids)

    def test_account_is_asked_on_a_posted_bill_until_it_is_paid(self):
        self._supplier("clean", iban=LISTED)
        receipt = self._posted("clean")
        move = receipt.move_id
        [alert] = self._banner(move).values()
        named = self._sample("clean").draft.iban
        self.assertIn(named, alert["message"])
        self.assertEqual(alert["action"]["res_model"], "maventa.account.review")
        activity = move.activity_ids
        self.assertIn(named, str(activity.note))
        self._dialog(move)._create_payments()
        self.assertFalse(self._banner(move))
        self.assertFalse(activity.exists())

    def test_account_of_a_posted_bill_is_trusted_in_the_dialog(self):
        supplier = self._supplier("clean", iban=None)
        receipt = self._posted("clean")
        move = receipt.move_id
        self.assertFalse(move.partner_bank_id)
        validator = new_test_user(
            *(self.env, "validator", VALIDATOR),
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        dialog = self.env["maventa.account.review"].with_user(validator)
        dialog.create({"receipt_id": receipt.id}).action_trust()
        self.assertTrue(move.partner_bank_id)
        self.assertEqual(move.partner_bank_id, supplier.bank_ids)
        self.assertFalse(self._banner(move))
        self.assertFalse(move.activity_ids)
        payment = self._dialog(move)._create_payments()
        self.assertEqual(payment.partner_bank_id, supplier.bank_ids)
        with self.assertRaisesRegex(UserError, "unpaid bill"):
            receipt.env["maventa.bill.booking"].sudo()._trust_account(
                receipt, supplier.bank_ids.acc_number
            )

    def test_account_that_is_trusted_later_reaches_the_posted_bill(self):
        supplier = self._supplier("clean", trusted=False)
        move = self._posted("clean").move_id
        self.assertIn("not trusted", str(self._banner(move)))
        supplier.bank_ids.allow_out_payment = True
        self.assertEqual(move.partner_bank_id, supplier.bank_ids)
        self.assertFalse(self._banner(move))
        supplier.bank_ids.allow_out_payment = False
        self.assertFalse(move.partner_bank_id)
        self.assertIn("not trusted", str(self._banner(move)))

    def test_bill_with_a_confirmed_account_is_paid_to_that(self):
        supplier = self._supplier("clean")
        move = self._posted("clean").move_id
        payment = self._dialog(move)._create_payments()
        self.assertEqual(payment.partner_bank_id, supplier.bank_ids)

    def test_invoice_of_the_future_is_posted_only_after_a_person_has_checked(self):
        self._supplier("clean")
        day = fields.Date.today() + timedelta(days=20)
        receipt = self._receive(self._changed("clean", number="Z-1", date=day))
        with self.assertRaisesRegex(UserError, "in the future"):
            receipt.move_id.action_post()
        receipt.action_confirm()
        receipt.move_id.action_post()
        self.assertEqual(receipt.move_id.state, "posted")
