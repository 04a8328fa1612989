from odoo.tests import tagged

from ..maventa_api.simulator import Simulator
from ..models.database_store import DatabaseStore
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSimulatorStore(MaventaCommon):
    """The environment Demo: the simulator in this database."""

    def _store(self):
        return DatabaseStore(self.env.registry, "maventa_simulator_state")

    def test_store_is_a_mapping(self):
        with self.enter_registry_test_mode():
            with self._store() as state:
                state["a"] = {"x": [1, "ä"]}
                state["b"] = 2
                state["a"] = {"x": [2]}
            with self._store() as state:
                self.assertEqual(dict(state), {"a": {"x": [2]}, "b": 2})
                self.assertEqual(len(state), 2)
                self.assertIn("b", state)
                del state["b"]
                with self.assertRaises(KeyError):
                    state["b"]
                with self.assertRaises(KeyError):
                    del state["b"]

    def test_failing_visit_is_rolled_back(self):
        with self.enter_registry_test_mode():
            with self.assertRaises(ZeroDivisionError), self._store() as state:
                state["a"] = 1
                raise ZeroDivisionError
            with self._store() as state:
                self.assertNotIn("a", state)

    def test_demo_account_is_created_once(self):
        company = self.setup_other_company(name="Kokeilu Oy")["company"]
        self._make_finnish(company, "FI91234565")
        company._maventa_configure("demo")
        inside = Simulator(self._store())
        with self.enter_registry_test_mode():
            type(self).simulator, before = inside, self.simulator
            try:
                company.maventa_account_id.action_use_demo_account()
                self.assertEqual(company.maventa_account_id.state, "verified")
                uuid = company.maventa_account_id.company_uuid
                company.maventa_account_id.action_use_demo_account()
                self.assertEqual(
                    company.maventa_account_id.company_uuid, uuid, "the same again"
                )
            finally:
                type(self).simulator = before
