import hashlib

from odoo import SUPERUSER_ID
from odoo.modules.module import Manifest
from odoo.tests import tagged
from odoo.tools import convert_file, html2plaintext

from ..uninstall import uninstall_hook
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestLifeCycle(MaventaCommon):
    """What stays when the addon goes, or comes in a new version."""

    def _uninstall(self):
        uninstall_hook(self.env(user=SUPERUSER_ID))
        self.env.flush_all()
        self.env.invalidate_all()

    def _tried_twice(self):
        move = self._to_transfer(self._invoice())
        with self._fault("invoice_refused"):
            self._run_cron()
        self._to_transfer(move)
        self._run_cron()
        return move

    def test_exact_bytes_are_kept_on_the_invoice(self):
        move = self._tried_twice()
        sums = move.maventa_transfer_ids.sorted("id").mapped("sha256")
        self._uninstall()
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", move.id)], order="id"
        )
        kept = kept.filtered(lambda row: row.name.startswith("maventa-"))
        self.assertEqual(
            [hashlib.sha256(row.raw).hexdigest() for row in kept], sums, "byte by byte"
        )
        self.assertEqual(kept[0].name[:10], "maventa-1-")
        message = move.message_ids[0]
        self.assertEqual(message.attachment_ids, kept)
        self.assertTrue(kept.with_user(self.accountant)[0].raw, "people can open it")

    def test_history_is_kept_in_the_chatter(self):
        move = self._tried_twice()
        rows = move.maventa_transfer_ids
        self._uninstall()
        story = html2plaintext(move.message_ids[0].body)
        for text in (
            *rows.mapped("uuid"),
            *rows.mapped("sha256"),
            "Invoice refused",
            "Demo: handed over to the simulator in Odoo.",
            self.accountant.name,
            "not updated any more",
        ):
            self.assertIn(text, story)

    def test_queued_transfer_is_kept_without_document(self):
        move = self._to_transfer(self._invoice())
        self._uninstall()
        story = html2plaintext(move.message_ids[0].body)
        self.assertIn("Queued", story)
        self.assertFalse(move.message_ids[0].attachment_ids)

    def test_sending_method_is_cleared_on_customers(self):
        other = self.setup_other_company()["company"]
        for company in (self.company, other):
            partner = self.partner_a.with_company(company)
            partner.invoice_sending_method = "maventa"
        self.partner_b.invoice_sending_method = "email"
        self.partner_a.active = False
        self.env["ir.default"].set("res.partner", "invoice_sending_method", "maventa")
        self._uninstall()
        self.env.cr.execute(
            "SELECT id FROM res_partner WHERE invoice_sending_method::text LIKE %s",
            ["%maventa%"],
        )
        self.assertFalse(self.env.cr.fetchall())
        self.assertEqual(self.partner_b.invoice_sending_method, "email")
        default = self.env["ir.default"]._get("res.partner", "invoice_sending_method")
        self.assertFalse(default)

    def test_scheduled_sending_by_maventa_is_cancelled(self):
        waiting = {"author_user_id": self.env.uid, "author_partner_id": 1}
        self.partner_a.invoice_sending_method = "maventa"
        wanted, carried, mailed = (
            self._invoice(),
            self._to_transfer(self._invoice(self.partner_b)),
            self._invoice(self.partner_b),
        )
        (wanted | carried | mailed).sending_data = waiting
        self._uninstall()
        self.assertFalse(wanted.sending_data)
        self.assertFalse(carried.sending_data)
        self.assertTrue(mailed.sending_data)

    def test_activities_and_secrets_do_not_prevent_removal(self):
        move = self._tried_twice()
        kind = "account_maventa.mail_activity_type_error"
        activity = move.activity_schedule(kind)
        done = move.activity_schedule(kind)
        done.active = False
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("account_maventa.vendor_api_key", "secret")
        self._uninstall()
        warning = self.env.ref("mail.mail_activity_data_warning")
        self.assertEqual((activity | done).activity_type_id, warning)
        self.env.ref(kind).unlink()
        self.assertFalse(parameters.get_param("account_maventa.vendor_api_key"))

    def test_update_keeps_user_settings(self):
        move = self._tried_twice()
        rows = move.maventa_transfer_ids
        cron = self.env.ref("account_maventa.ir_cron_maventa_transfer")
        cron.write({"interval_number": 30, "active": False})
        operators = self.env["res.partner.operator.einvoice"]
        nordea = operators.search([("identifier", "=", "NDEAFIHH")])
        nordea.write({"name": "Our bank", "active": False})
        count = operators.with_context(active_test=False).search_count([])
        status = self._status("to_transfer")
        status.name = "Ready"
        before = rows.read(["state", "uuid", "sha256", "history", "attachment_id"])
        for name in Manifest.for_addon("account_maventa")["data"]:
            convert_file(self.env, "account_maventa", name, {}, mode="update")
        self.env.invalidate_all()
        self.assertEqual((cron.interval_number, cron.active), (30, False))
        self.assertEqual((nordea.name, nordea.active), ("Our bank", False))
        operators = operators.with_context(active_test=False)
        self.assertEqual(operators.search_count([]), count)
        self.assertEqual(status.name, "Ready")
        self.assertEqual(
            rows.read(["state", "uuid", "sha256", "history", "attachment_id"]), before
        )

    def test_demo_data_prepare_a_company(self):
        file = "demo/account_maventa_demo.xml"
        convert_file(self.env, "account_maventa", file, {}, mode="init", noupdate=True)
        company = self.env.ref("account_maventa.demo_company")
        self.assertEqual(company.maventa_account_id.environment, "demo")
        self.assertTrue(company.maventa_status_to_transfer_id)
        invoice = self.env.ref("account_maventa.demo_invoice")
        self.assertEqual((invoice.state, invoice.company_id), ("draft", company))
        with self.enter_registry_test_mode():
            company.maventa_account_id.action_use_demo_account()
        self.assertEqual(company.maventa_account_id.state, "verified")
