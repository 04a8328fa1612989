"""What Billingo or Odoo decides cannot be given by a client; no method is open."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import BillingoCommon
from .doors import Doors
from .odd_values import OddValues
from .spying import Spying

ADMINISTRATOR = "base.group_system,account.group_account_manager"

SECRETS = {"billingo.connection": {"api_key"}, "billingo.setup": {"api_key"}}
# field -> why it may be of another company
EXEMPT = {}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDoors(Doors, Spying, OddValues, BillingoCommon):
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
        self.own.sudo().write({"state": "active"})
        self._fetch()
        self._process()
        document = self.own.document_ids.filtered("move_id")[:1]
        env = self.env(user=self.administrator, context={})
        wizards = {
            "billingo.choose.partner": {
                "document_id": document.id,
                "partner_id": self.partner_a.id,
            },
            "billingo.correct": {"document_id": document.id, "date": "2026-01-01"},
            "billingo.fetch.period": {"connection_id": self.own.id},
            "billingo.setup": {"company_id": self.company.id},
        }
        row = self.env["billingo.tax.map"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        page = env["billingo.overview"]
        return {
            "account.move": document.move_id,
            "billingo.connection": self.own,
            "billingo.document": document,
            "billingo.overview": page.search(page.action_open()["domain"], limit=1),
            "billingo.tax.map": row,
            **{name: env[name].create(values) for name, values in wizards.items()},
        }

    def test_no_technical_field_takes_a_value_of_a_client(self):
        self.forge(self.env(user=self.administrator, context={}), self.records())

    def test_imported_invoice_stays_with_its_document(self):
        move = self.records()["account.move"].with_user(self.bookkeeper)
        with self.assertRaises(UserError):
            move.with_env(move.env(context={})).billingo_document_id = False
        self.assertNotIn("upload", move._l10n_hu_edi_get_valid_actions())

    def test_strangers_are_denied_by_every_public_method(self):
        records = self.records()
        self.simulator.requests.clear()
        for name, env in self.strangers().items():
            answers = self.walk(env, records)
            self.assertGreater(len(answers), 15)
            for place, answer in answers.items():
                with self.subTest(name, place=place):
                    self.assertIsInstance(answer, AccessError)
        self.assertFalse(self.simulator.requests)

    def test_hostile_arguments_of_a_bookkeeper_raise_user_errors(self):
        self.walk(self.env(user=self.bookkeeper, context={}), self.records())

    def test_hostile_arguments_of_an_administrator_raise_user_errors(self):
        self.walk(self.env(user=self.administrator, context={}), self.records())

    def test_dialog_shows_nothing_of_other_companies(self):
        document = self.records()["billingo.document"]
        env = self.strangers()["foreign"]
        values = {
            "billingo.correct": {"document_id": document.id, "date": "2026-01-01"},
            "billingo.choose.partner": {
                "document_id": document.id,
                "partner_id": env.user.partner_id.id,
            },
        }
        for model, given in values.items():
            dialogs = env[model]
            with self.subTest(model), self.assertRaises(AccessError):
                dialogs.create(given)
            names = ["document_id", "company_id"]
            names += ["problem", "partner_name"] if model == "billingo.correct" else []
            spec = {name: {} for name in names}
            with self.subTest("onchange", model=model), self.assertRaises(AccessError):
                dialogs.onchange(given, ["document_id"], spec)

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
        dialog = self.records()["billingo.correct"].with_user(self.bookkeeper)
        self.assertFalse(dialog.search([("id", "=", dialog.id)]))
        with self.assertRaises(AccessError):
            dialog.read(["date"])

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
        missing = self.spoil({**self.records(), **self._rows()})
        self.assertEqual(missing, {"billingo.simulator.state"})

    def _rows(self):
        """Return a record of each model of which the demo's account makes none."""
        connection = {"connection_id": self.own.id}
        document = self.own.document_ids.filtered("move_id")[:1]
        day = "2026-03-02"
        gap = {"year": 2026, "first_number": 1, "last_number": 2, "checked_at": day}
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        values = {
            "billingo.account.rule": {
                "company_id": self.company.id,
                "account_id": self.own.account_id.id,
                "text": "Boríték",
            },
            "billingo.block": {**connection, "billingo_id": "77", "name": "x"},
            "billingo.gap": {**connection, **gap, "state": "missing"},
            "billingo.payment": {"document_id": document.id, "date": day},
            "billingo.unstored": {**connection, "billingo_id": "9", "raw": "{}"},
            "billingo.payment.journal": {**connection, "journal_id": journal.id},
        }
        return {
            name: self.env[name].sudo().create(some) for name, some in values.items()
        }
