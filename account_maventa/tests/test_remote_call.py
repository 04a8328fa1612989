from contextlib import contextmanager
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..exceptions import TransferProblem
from ..maventa_api import Language
from ..services import remote_call
from .common import MaventaCommon


class Repeatable(SerializationFailure):
    """As PostgreSQL raises it."""

    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestRemoteCall(MaventaCommon):
    """A serialization failure after a call repeats the request, not the change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.email = "boss@example.com"

    @contextmanager
    def _failing_commit(self, endpoint):
        """Let the first commit after a request to ``endpoint`` fail once."""
        original, failed = remote_call.commit, []

        def commit(env):
            if self.simulator.requests[endpoint] and not failed:
                failed.append(endpoint)
                raise Repeatable
            if not env.context.get("ir_cron_progress_id"):
                env.cr.commit()
            original(env)

        base = "odoo.addons.account_maventa.services"
        with (
            patch(f"{base}.remote_call.commit", commit),
            patch(f"{base}.uploader.commit", commit),
            patch(f"{base}.upload_run.commit", commit),
            patch(f"{base}.delivery_tracking.commit", commit),
            patch(f"{base}.registration.commit", commit),
            patch("odoo.service.model.time.sleep"),
            mute_logger("odoo.service.model"),
        ):
            yield
        self.assertTrue(failed, "there was no commit after the request")

    def _press(self, button, records, *args):
        """Call a button as Odoo's server does, in a transaction of its own."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            records = records.with_env(self.env(cr=cr))
            result = retrying(lambda: getattr(records, button)(*args), records.env)
        self.env.invalidate_all()
        return result

    def _unverified(self):
        self.simulator.change_company(self.remote.company_uuid, state="UNVERIFIED")
        self.simulator.looks_until_signed = 99
        self.account.user_api_key = False
        self.account.user_api_key = self.remote.user_api_key
        self.simulator.change_company(self.remote.company_uuid, linked=False)

    # === ACCOUNT === #

    def test_check_requests_no_authentication_email(self):
        self._unverified()
        with self._failing_commit("authorization"):
            self._press("action_check", self.account)
        self.assertFalse(self.simulator.requests["authenticate"])
        self.assertFalse(self.account.auth_request_email)

    def test_dialog_requests_one_authentication_email(self):
        self._unverified()
        wizard = self.env["maventa.authentication.wizard"].create(
            {"account_id": self.account.id, "email": "a@example.com", "language": "EN"}
        )
        with self._failing_commit("authenticate"):
            self._press("action_send", wizard)
        self.assertEqual(self.simulator.requests["authenticate"], 1)
        self.assertEqual(self.account.auth_email, "a@example.com")

    def test_second_request_is_sent_when_the_user_wants_it(self):
        self._unverified()
        service = self.env["maventa.authentication"]
        for _time in range(2):
            service._request(self.account, "a@example.com", Language.of("en_US"))
        self.assertEqual(self.simulator.requests["authenticate"], 2)

    def test_check_links_the_vendor_once(self):
        self._unverified()
        with self._failing_commit("authorization"):
            self._press("action_check", self.account)
        self.assertEqual(self.simulator.requests["link_vendor"], 1)
        self.assertTrue(self.account.vendor_linked)

    def test_vendor_link_with_a_lost_outcome_is_refused_and_recorded(self):
        self._unverified()
        with self._failing_commit("link_vendor"):
            self._press("action_check", self.account)
        self.assertTrue(self.account.vendor_linked)
        with self.simulator.store as state:
            self.assertTrue(state[f"company/{self.remote.company_uuid}"]["linked"])

    def test_print_settings_are_changed_once(self):
        self.simulator.change_company(self.remote.company_uuid, print=None)
        with self._failing_commit("change_settings"):
            self._press("action_own_pdf_switch", self.account)
        self.assertEqual(self.simulator.requests["change_settings"], 1)
        self.assertTrue(self.account.print_own_pdf)

    def test_refresh_is_recorded_after_a_failure(self):
        self._unverified()
        with self._failing_commit("authorization"):
            self._press("action_refresh", self.account)
        self.assertEqual(self.account.state, "unverified")

    def test_company_is_registered_once(self):
        company = self.setup_other_company(name="Halla Oy")["company"]
        self._make_finnish(company, "FI91234565")
        company.email = "post@halla.example.com"
        account = company._maventa_configure("demo")
        wizard = self.env["maventa.registration.wizard"].create(
            {"account_id": account.id}
        )
        with self._failing_commit("create_company"):
            self._press("action_register", wizard)
        self.assertEqual(self.simulator.requests["create_user"], 1)
        self.assertEqual(self.simulator.requests["create_company"], 1)
        self.assertEqual(self.simulator.requests["authenticate"], 1)
        self.assertTrue(account.company_uuid)
        self.assertFalse(account.registering_since)
        with self.simulator.store as state:
            for key in list(state):
                if key.startswith("user/") or state[key].get("bid") == company.vat:
                    del state[key]

    def test_account_in_use_by_another_call_is_busy(self):
        kind = self.registry["maventa.account"]
        nothing = self.account.browse()
        with (
            patch.object(kind, "try_lock_for_update", lambda _self, **_more: nothing),
            self.assertRaises(TransferProblem) as caught,
            remote_call.remote_call(self.account),
        ):
            pass
        self.assertEqual(caught.exception.kind, "busy")
        self.assertFalse(self.simulator.requests)

    # === TRANSFERS === #

    def test_transfer_now_uploads_once(self):
        move = self._to_transfer(self._invoice())
        with self._failing_commit("create_invoice"):
            self._press("action_maventa_transfer_now", move)
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)
        self.assertEqual(self._held()[move.name].posted, 1)

    def test_job_uploads_once(self):
        move = self._to_transfer(self._invoice())
        with self._failing_commit("create_invoice"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(move.maventa_state, "accepted")
        self.assertEqual(self.simulator.requests["create_invoice"], 1)

    def test_failed_invoice_is_rerouted_once(self):
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")
        wizard = self.env["maventa.reroute.wizard"].create({"move_id": move.id})
        with self._failing_commit("reroute"):
            self._press("action_reroute", wizard)
        self.assertEqual(self.simulator.requests["reroute"], 1)
        self.assertIn(move.maventa_state, ("accepted", "delivered"))
        self.assertFalse(move.maventa_transfer_id.reroute_pending)
        self.assertEqual(move.maventa_status_id, self._status("after_transfer"))
