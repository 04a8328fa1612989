"""What happens to a bill, told to the received document that it was made from."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .comparing import inside, is_inside

# By these a bill is found that its sender has withdrawn
NAMED = {"ref", "partner_id"}


class MaventaReceivedBill(models.AbstractModel):
    """The part of a bill that belongs to its receipts."""

    _name = "maventa.received.bill"
    _description = "Bill that Was Received by Maventa"

    # === WHAT CAME === #

    @api.model
    def _maventa_received_domain(self):
        """Return the domain of the posted bills that were received."""
        return Domain("maventa_receipt_ids", "!=", False) & Domain(
            "state", "=", "posted"
        )

    def _maventa_shows_picture(self):
        """Return whether the picture that came is what is shown beside the bill."""
        return bool(self.message_main_attachment_id._maventa_received())

    def _maventa_check_came(self, vals):
        """Raise a user error for another type of posted bills, or another picture.

        The type of a draft is compared before it is posted.
        """
        move_type = vals.get("move_type")
        for move in self.filtered(lambda x: move_type and x.move_type != move_type):
            if move.state == "posted" and move.sudo().maventa_receipt_ids:
                raise UserError(
                    self.env._("%s is posted: its type stays.", move.display_name)
                )
        if "message_main_attachment_id" not in vals:
            return
        main = vals["message_main_attachment_id"]
        for move in self.filtered(lambda x: x.message_main_attachment_id.id != main):
            if move._maventa_shows_picture():
                move._maventa_raise_received()

    def _maventa_raise_received(self):
        for move in self:
            raise UserError(
                self.env._(
                    "%s was received by Maventa: its picture and attachments stay as "
                    "they came.",
                    move.display_name,
                )
            )

    # === CHANGES === #

    def _maventa_follow_bill(self, vals):
        """Look at the received documents of bills that were changed."""
        if NAMED & vals.keys():
            self._maventa_meet_withdrawals()
        if vals.get("state") == "draft":
            self._maventa_booking()._reopened(self.sudo().maventa_receipt_ids)
        self._maventa_compare_with_receipts()

    def _maventa_meet_withdrawals(self):
        """Tie withdrawals that came before their invoices to these bills."""
        self.env["maventa.withdrawals"].sudo()._meet(self.sudo())

    def _maventa_compare_with_receipts(self):
        """Compare drafts with their received documents after any change of them."""
        if is_inside(self):
            return
        drafts = self.filtered(
            lambda move: move.state == "draft" and move.is_purchase_document()
        )
        self._maventa_compare(inside(drafts.sudo()).maventa_receipt_ids)

    def _maventa_drop_receipts(self, tell):
        """Record that bills are gone.

        :param tell: takes an environment, and returns why in its language
        """
        self._maventa_booking()._dropped(self.sudo().maventa_receipt_ids, tell)

    # === POSTING, PAYMENT === #

    def _maventa_assert_decided(self):
        """Raise a user error where a person has to decide before bills are posted."""
        self._maventa_booking()._assert_decided(self.sudo().maventa_receipt_ids)

    def _maventa_may_autopost(self):
        """Return whether nothing is left to decide about what was received."""
        booking = self._maventa_booking()
        return all(map(booking._may_autopost, self.sudo().maventa_receipt_ids))

    def _maventa_follow_received_posting(self):
        """Learn from bills that were posted, and look at drafts that are like them."""
        self._maventa_booking()._posted(self.sudo().maventa_receipt_ids)
        self.env["maventa.new.suppliers"].sudo()._posted(self.sudo())
        credits = self.env["maventa.credited.bills"].sudo()._waiting(self.sudo())
        self._maventa_compare(self._maventa_drafts_like() | credits)

    def _maventa_follow_payment(self):
        """Close what is asked about bills until they are paid."""
        activities = self.env["maventa.receipt.activities"].sudo()
        for receipt in self.sudo().maventa_receipt_ids:
            activities._follow(receipt)

    # === HELPERS === #

    def _maventa_drafts_like(self):
        """Return the receipts of drafts that may be the same as one of these bills."""
        return self._maventa_booking()._drafts_like(self.sudo())

    def _maventa_compare(self, receipts):
        self._maventa_booking()._check_again(receipts)

    def _maventa_booking(self):
        return self.env["maventa.bill.booking"].sudo()
