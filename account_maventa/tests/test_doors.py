"""What Maventa or Odoo decides cannot be given by a client; no method is open."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..maventa_api.simulator.samples import samples
from ..models.maventa_invoice_status import ROLES
from .common import MaventaCommon
from .doors import Doors
from .odd_values import OddValues
from .spying import Spying

ADMINISTRATOR = "base.group_system,account.group_account_manager"

SECRETS = {
    "maventa.account": {"company_uuid", "user_api_key", "webhook_id", "webhook_token"},
    "res.config.settings": {"maventa_vendor_api_key"},
}
# field -> why it may be of another company
EXEMPT = {
    "account.move.maventa_status_id": "the rules of statuses check it",
    **{
        f"res.company.{role}": "checked while transfers are switched on"
        for role in ROLES
    },
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDoors(Doors, Spying, OddValues, MaventaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "door_administrator",
            ADMINISTRATOR,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def records(self):
        """Return a record of each model that has public methods or is written."""
        move = self._to_transfer(self._invoice())
        transfer = move.sudo().maventa_transfer_id
        env = self.env(user=self.administrator, context={})
        lookup = env["maventa.lookup"].create(
            {
                "partner_id": self.partner_a.id,
                "line_ids": [Command.create({"network": "PEPPOL"})],
            }
        )
        account = {"account_id": self.account.id}
        left_out = {"move_id": move.id, "is_question": True}
        receipt = {"receipt_id": self._received().id}
        wizards = {
            "maventa.account.review": receipt,
            "maventa.authentication.wizard": {**account, "email": "a@b.example"},
            "maventa.duplicate.review": receipt,
            "maventa.fetch.period": {**account, "start": "2026-03-02"},
            "maventa.fraud.report": {**receipt, "reason": "UNKNOWN_COMPANY"},
            "maventa.receipt.ignore": {**receipt, "reason": "x"},
            "maventa.rate.renewal": {"rate": 13.5},
            "maventa.registration.wizard": account,
            "maventa.reroute.wizard": {"move_id": move.id},
            "maventa.rules.upload": {},
            "maventa.transfer.result": {"line_ids": [Command.create(left_out)]},
        }
        dialogs = {name: env[name].create(values) for name, values in wizards.items()}
        page = env["maventa.overview"]
        return {
            "account.journal": move.journal_id,
            "account.move": move,
            "account.tax": self.tax_sale_a,
            "maventa.account": self.account,
            "maventa.invoice.status": self._status("to_transfer"),
            "maventa.lookup": lookup,
            "maventa.overview": page.search(page.action_open()["domain"], limit=1),
            "maventa.lookup.line": lookup.line_ids,
            "maventa.purchase.account": env["maventa.purchase.account"].create(
                {
                    "partner_id": self.partner_a.id,
                    "account_id": self.company_data["default_account_expense"].id,
                }
            ),
            "maventa.purchase.tax": env["maventa.purchase.tax"].create(
                {"tax_id": self.company.account_purchase_tax_id.id}
            ),
            "maventa.receipt": self._received(),
            "maventa.transfer": transfer,
            "res.company": self.company,
            "res.config.settings": env["res.config.settings"].create({}),
            "res.partner": self.partner_a,
            **dialogs,
            "maventa.transfer.result.line": dialogs["maventa.transfer.result"].line_ids,
        }

    def _received(self):
        """Return the receipt of an invoice that came, with its draft bill."""
        if receipt := self.env["maventa.receipt"].search([], limit=1):
            return receipt
        self.account.write({"receives": True, "receive_since": "2020-01-01"})
        [sample] = [x for x in samples(today=date(2026, 3, 20)) if x.key == "clean"]
        self.simulator.receive(self.remote.company_uuid, sample)
        self._run_cron("receive")
        return self.env["maventa.receipt"].search([], limit=1)

    def test_no_technical_field_takes_a_value_of_a_client(self):
        self.forge(self.env(user=self.administrator, context={}), self.records())

    def test_invoice_does_not_count_as_sent_by_values_of_an_e_mail(self):
        move = self._invoice()
        with self.assertRaises(UserError):
            move.sudo().copy({"maventa_counts_as_sent": True})
        forged = move.sudo().with_context(default_maventa_counts_as_sent=True)
        self.assertFalse(forged.copy().maventa_counts_as_sent)

    def test_strangers_are_denied_by_every_public_method(self):
        records = self.records()
        # Customers and journals may be seen by users of several companies.
        self.partner_a.company_id = self.company
        self.simulator.requests.clear()
        for name, env in self.strangers().items():
            answers = self.walk(env, records)
            self.assertGreater(len(answers), 20)
            # concerns the user's own company, not a record
            own = answers.pop(("res.partner", "action_maventa_update_operators"))
            self.assertIsInstance(own, UserError)
            # names its record in an argument: test_choice_of_a_client_is_checked
            choice = answers.pop(("maventa.receipt", "action_confirm_points"))
            self.assertIsInstance(choice, UserError)
            for place, answer in answers.items():
                with self.subTest(name, place=place):
                    self.assertIsInstance(answer, AccessError)
        self.assertFalse(self.simulator.requests)

    def test_hostile_arguments_of_an_accountant_raise_user_errors(self):
        records = self.records()
        self.walk(self.env(user=self.accountant, context={}), records)

    def test_hostile_arguments_of_an_administrator_raise_user_errors(self):
        records = self.records()
        self.walk(self.env(user=self.administrator, context={}), records)

    def test_dialog_shows_nothing_of_other_companies(self):
        move = self._invoice()
        env = self.strangers()["foreign"]
        dialogs = env["maventa.reroute.wizard"]
        with self.assertRaises(AccessError):
            dialogs.create({"move_id": move.id})
        names = ["move_id", "email", "name", "street"]
        with self.assertRaises(AccessError):
            dialogs.onchange({"move_id": move.id}, ["move_id"], {x: {} for x in names})

    def test_form_shows_nothing_of_other_companies(self):
        env = self.strangers()["foreign"]
        self.peek(env, self.records()["account.move"])

    def test_default_names_nothing_of_other_companies(self):
        self.partner_a.sudo().company_id = self.company
        records = self.records() | {
            "res.partner": self.partner_a,
            "account.journal": self.company_data["default_journal_sale"],
        }
        env = self.strangers()["foreign"]
        self.assertGreater(self.peek_by_defaults(env, records), 5)

    def test_dialog_is_open_to_its_user_only(self):
        dialog = self.records()["maventa.reroute.wizard"]
        mine = dialog.with_user(self.accountant)
        self.assertFalse(mine.search([("id", "=", dialog.id)]))
        with self.assertRaises(AccessError):
            mine.read(["email"])

    def test_portal_user_reads_no_setting_of_the_company(self):
        env = self.strangers()["portal"]
        names = [name for name in env["res.company"]._fields if "maventa" in name]
        self.assertTrue(names)
        for name in names:
            with self.subTest(name), self.assertRaises(AccessError):
                env["res.company"].browse(env.company.id).read([name])

    # === SECRETS, MESSAGES, FILES === #

    def test_secrets_come_out_in_no_way(self):
        records = self.records()
        planted = self.plant(records)
        self.assertEqual(planted, SECRETS)
        for env in (*self.strangers().values(), *self.insiders().values()):
            self.spy(env, records, planted)

    def test_strangers_get_no_message_and_no_file(self):
        records = self.records()
        for env in self.strangers().values():
            self.overhear(env, records)

    # === COMPANIES AND STORED VALUES === #

    def test_fields_do_not_lead_into_another_company(self):
        self.assertEqual(self.strays(EXEMPT), [])

    def test_no_record_is_locked_by_an_odd_value(self):
        missing = self.spoil(self.records())
        self.assertEqual(missing, {"maventa.rule.file", "maventa.simulator.state"})
