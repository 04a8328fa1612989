from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..billingo_api.simulator import samples
from .common import KEYS, BillingoCommon

TROUBLE = "odoo.addons.account_billingo_import.services.remote_call"
OWN = 37


@tagged("post_install", "-at_install")
class TestConnectionCheck(BillingoCommon):
    """What the check shows, and what it does not change."""

    def _told(self, connection):
        return self._messages(connection)

    def test_check_shows_owner_and_permissions(self):
        params = self.own.action_check()["params"]
        for words in (samples.COMPANY.tax_number, "2031-12-31", "2026-01-01"):
            self.assertIn(words, params["message"])
        self.assertIn("41 documents", params["message"])
        self.assertIn("2 blocks", params["message"])

    def test_wrong_key_suspends_active_connection(self):
        self.own.action_check()
        self.own.state = "active"
        for status in (401, 402, 403):
            self.simulator.accounts.refuse(KEYS["own_key"], status)
            params = self.own.action_check()["params"]
            self.assertEqual(params["type"], "danger")
            self.assertNotIn(self.own.error, params["message"], "said once")
            self.assertEqual(self.own.alerts["error"]["message"], self.own.error)
            self.assertEqual(
                (self.own.state, self.own.checked_at), ("suspended", False)
            )
        self.assertEqual(len(self._told(self.own)), 1, "one event")
        asked = self.simulator.requests["documents"]
        self._fetch()
        self.assertEqual(self.simulator.requests["documents"], asked)

    def test_new_key_clears_results_of_last_check(self):
        self.own.action_check()
        self.own.api_key = "unknown"
        self.assertFalse(self.own.checked_at)
        self.own.action_check()
        self.assertFalse(self.own.organization_tax_number)
        self.assertFalse(self.own.subscription_end)
        self.assertIn("does not know this API key", self.own.error)
        self.own.api_key = KEYS["own_key"]
        self.assertFalse(self.own.error, "nor does an error of that")
        self.own.action_check()
        self.assertEqual(self.own.organization_tax_number, samples.COMPANY.tax_number)
        self.assertTrue(self.own.subscription_end)

    def test_owner_of_stored_documents_is_kept(self):
        self.own.action_activate()
        self.own.action_fetch()
        self.own.api_key = KEYS["supplier_key"]
        self.assertFalse(self.own.subscription_end)
        self.assertEqual(self.own.organization_tax_number, samples.COMPANY.tax_number)
        self.own.action_check()
        self.assertEqual(self.own.state, "suspended")
        self.assertEqual(self.own.organization_tax_number, samples.COMPANY.tax_number)
        self.own.api_key = "unknown"
        self.assertTrue(self.own.error, "it says why nothing happens")

    def test_message_does_not_repeat_its_subject(self):
        self.own.action_activate()
        self.own.api_key = "unknown"
        self.own.action_check()
        [message] = self._told(self.own)
        self.assertIn("suspended", message.subject)
        self.assertNotIn("suspended", message.body)
        self.assertEqual(message.body.count("does not know this API key"), 1)
        self.assertFalse(message.subtype_id.description)

    def test_activation_checks_the_key(self):
        self.own.state = "active"
        self.simulator.accounts.refuse(KEYS["own_key"], 401)
        self._fetch()
        self.assertEqual(self.own.state, "suspended")
        answer = self.own.action_activate()
        self.assertEqual(answer["params"]["type"], "danger")
        self.assertEqual(self.own.state, "suspended")
        self.simulator.accounts.refuse(KEYS["own_key"], None)
        self.own.action_activate()
        self.assertEqual((self.own.state, self.own.error), ("active", False))
        self.assertFalse(self.own.activity_ids)

    def test_network_failure_keeps_results_of_last_check(self):
        self.own.action_check()
        self.own.state = "active"
        before = self.own.read(["checked_at", "error", "state"])
        for fault in ("500", "html", "drop", "429_seconds"):
            self.simulator.faults.add(fault, 4)
            params = self.own.action_check()["params"]
            self.simulator.faults.clear()
            self.assertEqual(params["type"], "danger", fault)
            self.assertEqual(self.own.read(["checked_at", "error", "state"]), before)

    def test_billingos_message_names_the_header(self):
        self.own.api_key = "unknown"
        self.own.action_check()
        self.assertIn("(Header: X-API-KEY)", self.own.error)
        self.assertNotIn("%s", self.own.error)

    def test_own_account_is_not_accepted_as_supplier(self):
        self.supplier.api_key = KEYS["own_key"]
        params = self.supplier.action_check()["params"]
        self.assertEqual(params["type"], "danger")
        self.assertIn("our own Billingo account", self.supplier.error)
        self.supplier.action_activate()
        self.assertEqual(self.supplier.state, "draft")
        self.supplier.state = "active"
        self._fetch()
        self.assertEqual(self.supplier.state, "suspended", "not only by the button")
        self.assertFalse(self.supplier.document_ids)

    def test_member_of_same_vat_group_is_accepted_as_supplier(self):
        self.company.l10n_hu_group_vat = samples.SUPPLIER.tax_number
        self.supplier.action_check()
        self.assertFalse(self.supplier.error)
        self.assertTrue(self.supplier.checked_at)

    def test_branch_uses_tax_number_of_its_parent(self):
        branch = self.env["res.company"].create(
            {
                "name": "Folyami Kft. Szeged",
                "parent_id": self.company.id,
                "currency_id": self.company.currency_id.id,
            }
        )
        connection = self._connect("customer", KEYS["own_key"], self.company)
        connection.company_id = branch
        self.assertFalse(branch.vat)
        check = self.env["billingo.connection.check"]
        self.assertFalse(check._missing(connection))
        connection.action_activate()
        self.assertEqual(connection.state, "active")

    @mute_logger(TROUBLE)
    def test_invalid_simulator_url_stops_only_its_connection(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("account_billingo_import.simulator_url", "nonsense")
        self.patch(type(self.own), "_client", self.real_client)
        with self.assertRaises(UserError) as caught:
            self.own.action_check()
        self.assertIn("simulator_url", str(caught.exception))
        simulated = self._simulated_client

        def only_the_supplier(connection):
            real = connection.name == self.own.name
            return self.real_client(connection) if real else simulated(connection)

        self.patch(type(self.own), "_client", only_the_supplier)
        (self.own | self.supplier).state = "active"
        self.assertLess(self.own.name, self.supplier.name, "its turn comes first")
        self._fetch()
        self.assertTrue(self.supplier.fetched_until)
        self.assertIn("simulator_url", self.own.error)
        self.assertTrue(self.own.next_fetch_at)
