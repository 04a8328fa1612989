"""The dialog that reports a received invoice to Maventa as a fraud."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..exceptions import TransferProblem
from ..guards import guarded
from ..maventa_api import FraudReason, MaventaError
from ..services.remote_call import remote_call

REASONS = [
    ("NONEXISTENT_PRODUCT", "The product or service does not exist"),
    ("OFFERS_AS_INVOICES", "An offer that looks like an invoice"),
    ("UNKNOWN_COMPANY", "Unknown company"),
    ("INVOICE_NOT_FOLLOWING_LAW", "The invoice does not follow the law"),
    ("MISLEADING_NAME", "Misleading name"),
    ("IMPOSSIBLE_TO_CONTACT", "The sender cannot be contacted"),
    ("MISLEADING_MARKETING", "Misleading marketing"),
    ("COMPANY_NOT_FOLLOWING_LAW", "The company does not follow the law"),
    ("KNOWN_FOR_FRAUD_ATTEMPTS", "Known for attempts of fraud"),
    ("KNOWN_FOR_SUSPICIOUS_ACTIVITIES", "Known for suspicious activities"),
]


@guarded()
class MaventaFraudReport(models.TransientModel):
    _name = "maventa.fraud.report"
    _description = "Report a Fraud to Maventa"

    receipt_id = fields.Many2one("maventa.receipt", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True)
    contact_email = fields.Char(
        "Your e-mail", required=True, default=lambda self: self.env.user.email
    )
    description = fields.Text()

    # === ACTIONS === #

    def action_report(self):
        """Report it; Maventa's people see the report, the sender does not.

        :raise UserError: Maventa refuses, or cannot be reached
        """
        self.ensure_one()
        receipt = self.receipt_id._for_action()
        if not self.reason or "@" not in (self.contact_email or ""):
            raise UserError(self.env._("Choose a reason, and enter your e-mail."))
        account = receipt.account_id
        try:
            with remote_call(account, receipt, receives=True) as client:
                is_new = client.report_fraud(
                    receipt.remote_id,
                    [FraudReason(self.reason)],
                    self.contact_email,
                    self.description or "",
                )
                receipt.is_reported_fraud = True
                receipt._tell("warning", self._new_text if is_new else self._known_text)
        except (MaventaError, TransferProblem) as error:
            text = self.env["maventa.messages"]._explain(error, account)
            raise UserError(text) from error
        return self.receipt_id._decided_in_dialog()

    # === HELPERS === #

    def _new_text(self, env):
        return env._("Reported to Maventa as a fraud by %s", env.user.name)

    def _known_text(self, env):
        return env._("Had been reported to Maventa as a fraud before.")
