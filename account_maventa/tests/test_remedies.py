"""A remedy is for who may use it; others learn what is wrong, and ask somebody."""

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from ..services.go_live_checklist import BAD, GOOD
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestRemedies(MaventaCommon):
    def _wizard(self, move, *methods):
        wizards = self.env["account.move.send.wizard"].with_user(self.accountant)
        wizard = wizards.create({"move_id": move.id})
        wizard.sending_methods = list(methods)
        return wizard

    def _boss(self, groups):
        boss = new_test_user(
            self.env,
            "first_boss",
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.account.admin_id = boss
        return boss

    def _schedule(self, action):
        """Send the activity of Odoo's dialog; return it."""
        dialogs = self.env[action["res_model"]].with_user(self.accountant)
        form = Form(dialogs.with_context(**action["context"]))
        form.save().action_schedule_activities()
        self.env.invalidate_all()

    def _alert(self, move, key, user):
        """Return a banner as the user sees it."""
        move.invalidate_recordset(["alerts"])  # computed for one user at a time
        return move.with_user(user).alerts[key]

    # === RIGHTS === #

    def test_who_may_not_change_a_tax_asks_who_may(self):
        boss = self._boss("account.group_account_manager")
        tax = self.company_data["default_tax_sale"].copy(
            {"name": "Nil", "amount": 0, "ubl_cii_tax_category_code": "E"}
        )
        tax.invoice_legal_notes = False
        move = self._invoice(
            invoice_line_ids=[
                Command.create({"name": "Snow", "price_unit": 5, "tax_ids": tax.ids})
            ]
        )
        self._to_transfer(move)
        self._run_cron()
        self.assertEqual(move.maventa_state, "invalid")
        alert = self._alert(move, "maventa_error", boss)
        self.assertEqual(alert["action"]["res_id"], tax.id)
        alert = self._alert(move, "maventa_error", self.accountant)
        self.assertIn(boss.name, alert["action_text"])
        before = move.activity_ids
        self._schedule(alert["action"])
        activity = move.activity_ids - before
        self.assertEqual(activity.user_id, boss)
        self.assertIn("Nil", activity.note)

    def test_person_asked_has_the_right_and_sees_the_invoice(self):
        boss = self._boss("base.group_user")
        move = self._invoice().with_user(self.accountant)
        tax = self.company_data["default_tax_sale"].with_user(self.accountant)
        way = self.env["maventa.remedies"]._open(move, tax, "Open", "Wrong")
        person = way["action"]["context"]["default_activity_user_id"]
        self.assertNotEqual(person, boss.id)
        person = self.env["res.users"].browse(person)
        self.assertTrue(tax.with_user(person).has_access("write"))
        self.assertTrue(move.with_user(person).has_access("read"))

    # === WHAT WAITS === #

    def test_nothing_is_promised_while_switched_off(self):
        boss = self._boss("base.group_system,account.group_account_invoice")
        self.company.maventa_enabled = False
        move = self._invoice().with_user(self.accountant)
        toast = move.action_maventa_to_transfer()["params"]
        self.assertEqual(toast["type"], "warning")
        self.assertIn("switched off", toast["message"])
        self.assertFalse(move.maventa_state)
        alert = self._alert(move, "maventa_account", self.accountant)
        self.assertIn("switched off", alert["message"])
        self.assertIn(boss.name, alert["action_text"])
        alert = self._alert(move, "maventa_account", boss)
        self.assertEqual(alert["action"]["res_model"], "res.config.settings")
        self.company.maventa_enabled = True
        self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertNotIn("maventa_account", move.alerts or {})

    def test_result_of_several_says_why_they_wait(self):
        self.account.state = "unverified"
        draft = self._invoice()
        draft.button_draft()
        moves = (self._invoice() | draft).with_user(self.accountant)
        result = moves.action_maventa_to_transfer()["res_id"]
        result = self.env["maventa.transfer.result"].browse(result)
        self.assertEqual(result.ready, 1)
        self.assertIn("is not verified", result.obstacle)

    def test_dialog_says_that_an_account_is_not_verified(self):
        move = self._invoice()
        self.assertFalse(
            [key for key in self._wizard(move, "maventa").alerts or {} if "obst" in key]
        )
        self.account.write({"state": "unverified", "problem": False})
        alerts = self._wizard(move, "maventa").alerts
        [alert] = [alert for key, alert in alerts.items() if "obstacle" in key]
        self.assertEqual(alert["level"], "warning")
        self.assertIn("An Odoo administrator completes that", alert["message"])

    # === SEND DIALOG === #

    def test_dialog_lists_the_files_that_go_along(self):
        move = self._invoice()
        values = {"res_model": "account.move", "res_id": move.id, "raw": b"%PDF-1.4 x"}
        files = self.env["ir.attachment"].create(
            [values | {"name": name} for name in ("terms.pdf", "notes.pdf")]
        )
        files[0].maventa_send = True
        listed = self._wizard(move, "maventa").mail_attachments_widget
        self.assertIn("terms.pdf", [row["name"] for row in listed])
        self.assertNotIn("notes.pdf", [row["name"] for row in listed])
        listed = self._wizard(move, "email").mail_attachments_widget
        self.assertNotIn("terms.pdf", [row["name"] for row in listed])

    def test_credit_note_of_an_invoice_that_was_not_sent_is_remarked(self):
        original = self._invoice()
        credit = self._invoice(
            move_type="out_refund", price=40, reversed_entry_id=original.id
        )
        for alerts in (credit.alerts, self._wizard(credit, "maventa").alerts):
            self.assertEqual(alerts["maventa_original"]["level"], "warning")
            self.assertIn(original.name, alerts["maventa_original"]["message"])
        self._to_transfer(original)
        self._run_cron()
        credit.invalidate_recordset()
        self.assertNotIn("maventa_original", credit.alerts or {})

    # === NUMBER OF THE COMPANY === #

    def test_checklist_wants_the_number_that_registers(self):
        def line():
            return self.env["maventa.go.live.checklist"]._organisation_number(
                self.company
            )

        self.assertEqual((line().level, line().text), (GOOD, "Business ID: 2345678-0."))
        self.company.write(
            {
                "country_id": self.env.ref("base.nl").id,
                "vat": "NL004495445B01",
                "company_registry": False,
            }
        )
        self.assertEqual(line().level, BAD)
        self.assertIn("KVK", line().text)
        self.company.company_registry = "12345678"
        self.assertEqual((line().level, line().text), (GOOD, "KVK number: 12345678."))
        numbers = dict(self.env["maventa.printed.numbers"]._missing(self.company))
        self.assertEqual(numbers["KVK number"], "12345678")

    # === LANGUAGES === #

    def test_language_that_is_installed_later_names_the_statuses(self):
        renamed = self._status("after_error")
        renamed.name = "Oh no"
        self.env["res.lang"]._activate_lang("sv_SE")
        self.env.invalidate_all()
        swedish = self._status("to_transfer").with_context(lang="sv_SE").name
        [expected, *_others] = self.env["maventa.invoice.status"]._first_names()
        self.assertEqual(swedish, expected["sv_SE"])
        self.assertNotEqual(swedish, "To transfer")
        self.assertEqual(renamed.with_context(lang="sv_SE").name, "Oh no")
