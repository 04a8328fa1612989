"""The Maventa simulator on loopback, for the demo and for other clients."""

from contextlib import contextmanager

from maventa_api.simulation import serve
from maventa_api.simulator import Account, Simulator

# The one account that is there from the start; the business id is invented.
NAME, BUSINESS_ID, VAT = "Lumi Oy", "2345678-0", "FI23456780"


@contextmanager
def running(folder, store, seen_as=lambda simulator: simulator):
    """Serve the simulator on a free port.

    :param folder: not needed here: the service has no certificates of its own
    :param store: keeps accounts and invoices between runs
    :param seen_as: makes of the simulator the application that is served
    """
    simulator = Simulator(store)
    account = _account(simulator)
    with serve(seen_as(simulator)) as origin:
        yield (
            simulator,
            {
                "url": origin,
                "company_uuid": account.company_uuid,
                "user_api_key": account.user_api_key,
                "vendor_api_key": account.vendor_api_key,
                "name": NAME,
                "business_id": BUSINESS_ID,
                "vat": VAT,
            },
        )


def _account(simulator) -> Account:
    """Return the account of an earlier run, or open it."""
    return simulator.find_account(BUSINESS_ID) or simulator.add_account(
        name=NAME, bid=BUSINESS_ID, vat=VAT
    )
