from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestReroute(MaventaCommon):
    """What Maventa could not deliver goes another way."""

    def _dialog(self, move, **values):
        move = move.with_user(self.accountant)
        dialogs = self.env["maventa.reroute.wizard"].with_user(self.accountant)
        with Form(
            dialogs.with_context(**move.action_maventa_reroute()["context"])
        ) as form:
            for name, value in values.items():
                form[name] = value
        return form.record

    def _apix(self):
        operators = self.env["res.partner.operator.einvoice"]
        return operators.search([("identifier", "=", "003723327487")])

    def _delivered(self, move, destination):
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
        self.assertFalse(move.maventa_error)
        self.assertFalse(move.activity_ids)
        self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "delivered")
        self.assertEqual(move.maventa_transfer_id.destination, destination)
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(len(self._held()), 1)

    def test_reroute_by_email_uses_default_address(self):
        move = self._failed()
        dialog = self._dialog(move)
        self.assertEqual(dialog.email, "jaa@example.com")
        dialog.action_reroute()
        self._delivered(move, "EMAIL")
        self.assertIn("another channel: E-mail", move.message_ids[1].body)

    def test_reroute_by_print_uses_entered_address(self):
        move = self._failed()
        self._dialog(move, route="print", street="Uusikatu 7").action_reroute()
        [held] = self.simulator.held_invoices()
        self.assertEqual(set(held.disabled_routes), {"einvoice", "email"})
        self._delivered(move, "PRINT")

    def test_reroute_by_print_needs_no_post_code_where_the_country_has_none(self):
        move = self._failed()
        hong_kong = self.env.ref("base.hk")
        dialog = self._dialog(move, route="print", post_code=False)
        with self.assertRaisesRegex(UserError, "Post Code"):
            dialog.action_reroute()
        dialog.country_id = hong_kong
        dialog.action_reroute()
        [held] = self.simulator.held_invoices()
        self.assertEqual(set(held.disabled_routes), {"einvoice", "email"})
        self._delivered(move, "PRINT")

    def test_reroute_by_other_einvoice_address(self):
        move = self._failed()
        self._dialog(
            move, route="einvoice", address="0037 98765430", operator_id=self._apix()
        ).action_reroute()
        self.assertEqual(self._held()[move.name].recipient_eia, "003798765430")
        self._delivered(move, "EINVOICE")

    def test_missing_fields_are_listed(self):
        move = self._failed()
        with self.assertRaisesRegex(UserError, "E-invoice Address, E-invoice Operator"):
            self._dialog(move, route="einvoice").action_reroute()

    def test_dialog_uses_current_customer_address(self):
        move = self._failed()
        operator = self._apix()
        self.partner_a.write(
            {"edicode": "003798765430", "einvoice_operator_id": operator.id}
        )
        dialog = self._dialog(move, route="einvoice")
        self.assertEqual(dialog.address, "003798765430")
        self.assertEqual(dialog.operator_id, operator)

    def test_invalid_address_is_not_requested(self):
        move = self._failed()
        dialog = self._dialog(
            move, route="einvoice", address="003798765431", operator_id=self._apix()
        )
        with self.assertRaisesRegex(UserError, "OVT"):
            dialog.action_reroute()
        self.assertFalse(self.simulator.requests["reroute"])

    def test_lost_reroute_answer_is_found_by_refresh(self):
        move = self._failed()
        dialog = self._dialog(move)
        with (
            self._fault("drop_after_rerouting"),
            self.assertRaisesRegex(UserError, "Refresh"),
        ):
            dialog.action_reroute()
        self.assertEqual(move.maventa_state, "failed")
        move.with_user(self.accountant).action_maventa_refresh()
        self.assertEqual(move.maventa_state, "delivered")

    def test_only_failed_invoice_can_be_rerouted(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        with self.assertRaisesRegex(UserError, "could not deliver"):
            self._dialog(move).action_reroute()
        self.assertFalse(self.simulator.requests["reroute"])

    def test_reroute_uses_the_account_of_the_transfer(self):
        move = self._failed()
        self._connect(self.company)
        self._dialog(move).action_reroute()
        [held] = self.simulator.held_invoices()
        self.assertEqual(held.company_uuid, self.remote.company_uuid)
        self._delivered(move, "EMAIL")

    def test_reader_has_no_access(self):
        reader = new_test_user(
            self.env, "reader", groups="account.group_account_readonly"
        )
        move = self._failed()
        with self.assertRaises(AccessError):
            move.with_user(reader).action_maventa_reroute()
        with self.assertRaises(AccessError):
            self.env["maventa.reroute.wizard"].with_user(reader).create(
                {"move_id": move.id}
            )
