from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestInvoiceAlerts(MaventaCommon):
    """The banner and Odoo's dialog say what to do, and lead to whoever lacks it."""

    def setUp(self):
        super().setUp()
        # as users have it who may open what the banner is about
        self.accountant.group_ids |= self.env.ref("base.group_partner_manager")

    def _invalid(self, **values):
        move = self._to_transfer(self._invoice(**values))
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        return move.with_user(self.accountant)

    def test_banner_links_to_the_customer(self):
        self.partner_a.zip = False
        move = self._invalid()
        alert = move.alerts["maventa_error"]
        self.assertIn("post code", alert["message"])
        self.assertIn('set its status to "To transfer" again', alert["message"])
        action = alert["action"]
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.partner_a.id)
        )

    def test_banner_links_to_the_company_contact(self):
        self.company.partner_id.city = False
        alert = self._invalid().alerts["maventa_error"]
        self.assertEqual(alert["action"]["res_id"], self.company.partner_id.id)

    def test_banner_has_no_link_without_missing_data(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self.assertNotIn("action", move.alerts["maventa_error"])

    def test_banner_of_failed_delivery_suggests_reroute(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        message = move.alerts["maventa_error"]["message"]
        self.assertIn("Resend by another channel", message)

    def _wizard(self, moves, kind=""):
        wizards = self.env[f"account.move.send.{kind}wizard"]
        wizards = wizards.with_user(self.accountant)
        return wizards.create(
            {"move_ids": [Command.set(moves.ids)]} if kind else {"move_id": moves.id}
        )

    def test_send_dialog_shows_missing_data(self):
        self.partner_a.write({"street": False, "invoice_sending_method": "maventa"})
        move = self._invoice()
        wizard = self._wizard(move)
        alert = wizard.alerts["maventa_missing"]
        self.assertEqual(alert["level"], "danger")
        self.assertIn("street", alert["message"])
        self.assertEqual(alert["action"]["res_id"], self.partner_a.id)
        with self.assertRaisesRegex(UserError, "street"):
            wizard.action_send_and_print()
        self.assertFalse(move.maventa_status_id)

    def test_send_dialog_shows_what_the_format_refuses(self):
        self.partner_a.invoice_sending_method = "maventa"
        move = self._invoice()
        self.assertNotIn("maventa_missing", self._wizard(move).alerts)
        move.button_draft()
        move.invoice_line_ids.tax_ids = [Command.clear()]
        move.action_post()
        alert = self._wizard(move).alerts["maventa_missing"]
        self.assertIn("has no tax", alert["message"])

    def test_batch_dialog_warns_about_single_invoices(self):
        (self.partner_a | self.partner_b).invoice_sending_method = "maventa"
        self.partner_b.street = False
        good, bad = self._invoice(), self._invoice(self.partner_b)
        alert = self._wizard(good | bad, "batch.").alerts["maventa_missing"]
        self.assertEqual(alert["level"], "warning")
        self.assertIn(bad.name, alert["message"])
        self.assertNotIn(good.name, alert["message"])

    def test_print_only_invoice_is_refused_while_print_is_off(self):
        self.company.maventa_send_email = False
        self.account.print_checked_at = fields.Datetime.now()
        self.partner_a.write({"vat": False, "peppol_endpoint": False})
        checks = self.env["maventa.upload.checks"]
        self.assertFalse(checks._has_electronic_route(self._invoice()))
        move = self._invalid()
        self.assertIn("can only be printed", move.maventa_error)
        self.account.print_enabled = True
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")

    def test_unknown_print_state_refuses_nothing(self):
        self.company.maventa_send_email = False
        self.partner_a.write({"vat": False, "peppol_endpoint": False})
        self.account.print_checked_at = False
        self.assertFalse(self._problems(self._invoice()))

    def test_invoice_sent_by_peppol_is_refused(self):
        move = self._invoice()
        # 'account_peppol' may be there or not
        rules = self.registry["maventa.status.rules"]
        with (
            patch.object(rules, "_waits_for_peppol", lambda _rules, _move: True),
            self.assertRaisesRegex(UserError, "own Peppol"),
        ):
            self._to_transfer(move)
        self.assertFalse(move.maventa_status_id)
