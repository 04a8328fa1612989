"""The sandbox: the same account and the same invoices on every start."""

import importlib.util
import pathlib

from maventa_api import Credentials, MaventaClient, open_session
from maventa_api.simulation import MemoryStore
from maventa_samples import upload

SANDBOX = pathlib.Path(__file__).resolve().parents[2] / "simulators" / "maventa.py"


def load_sandbox():
    spec = importlib.util.spec_from_file_location("sandbox_maventa", SANDBOX)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_another_client_gets_in_with_what_the_sandbox_says(tmp_path):
    sandbox, store, uuids = load_sandbox(), MemoryStore(), []
    for _start in range(2):
        with sandbox.running(tmp_path, store) as (simulator, settings):
            assert all(isinstance(value, str) for value in settings.values())
            session = open_session(settings["url"], loopback_only=True)
            credentials = Credentials(
                *(settings[key] for key in ("company_uuid", "user_api_key")),
                settings["vendor_api_key"],
            )
            with MaventaClient(session, settings["url"], credentials) as client:
                assert client.identity().bid == settings["business_id"]
                uuids.append(client.send_invoice(upload()).id)
            assert {held.uuid for held in simulator.held_invoices()} == set(uuids)
