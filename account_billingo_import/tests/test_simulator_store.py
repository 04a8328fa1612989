from odoo.exceptions import UserError
from odoo.tests import tagged

from ..billingo_api.simulator import Simulator, samples
from ..models.billingo_connection import DEMO_KEYS
from ..models.database_store import DatabaseStore
from .common import BillingoCommon


@tagged("post_install", "-at_install")
class TestSimulatorStore(BillingoCommon):
    """Demo without a sandbox: the simulator keeps its state in the database."""

    def _store(self, prefix):
        return DatabaseStore(self.env.registry, "billingo_simulator_state", prefix)

    def test_demo_runs_in_this_process(self):
        real = self.real_client
        self.own.write({"api_key": DEMO_KEYS["own_key"], "state": "active"})
        with self.enter_registry_test_mode():
            with real(self.own) as client:
                found = list(client.all_documents())
            with real(self.own) as client:
                again = client.document(found[0].id)
        self.assertEqual(len(found), len(samples.own_account().documents))
        self.assertEqual(found[0].organization.name, self.company.name)
        self.assertEqual(again, found[0])
        self.assertIn("demo-own", self.own.alerts["demo"]["message"])

    def test_store_survives_rollback_of_the_caller(self):
        with self.enter_registry_test_mode():
            store = self._store("7:")
            other = self._store("8:")
            with store as state:
                state["a"] = {"x": [1, 2.5, "ő"]}
            with store as state:
                self.assertEqual(dict(state), {"a": {"x": [1, 2.5, "ő"]}})
                state["a"] = 3
                state["b"] = None
                self.assertEqual(len(state), 2)
                del state["b"]
                self.assertNotIn("b", state)
                self.assertIsNone(state.pop("b", None))
            with other as state:
                self.assertFalse(dict(state), "companies do not mix")
            with self.assertRaises(ConnectionResetError), store as state:
                state["a"] = 4
                raise ConnectionResetError
            with store as state:
                self.assertEqual(state["a"], 3, "a request that failed left nothing")

    def test_demo_refuses_remote_hosts(self):
        real = self.real_client
        self.env["ir.config_parameter"].set_param(
            "account_billingo_import.simulator_url", "https://api.billingo.hu"
        )
        with self.assertRaises(UserError):
            real(self.own)

    def test_simulator_is_equal_in_memory_and_in_database(self):
        with self.enter_registry_test_mode():
            database = Simulator(self._store("9:"))
            samples.fill(database, supplier_key="s", own_key="o")
            in_memory = Simulator()
            samples.fill(in_memory, supplier_key="s", own_key="o")
            for key in ("s", "o"):
                self.assertEqual(
                    database.accounts.documents(key), in_memory.accounts.documents(key)
                )
