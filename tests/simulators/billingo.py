"""The Billingo simulator on loopback: a supplier's account and the company's own."""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager

from billingo_api.simulation import serve
from billingo_api.simulator import Simulator, samples

KEYS = {
    "supplier_key": "demo-supplier",
    "own_key": "demo-own",
}


@contextmanager
def running(
    folder: pathlib.Path, store, seen_as=lambda simulator: simulator
) -> Iterator[tuple[Simulator, dict[str, str]]]:
    """Serve the simulator on a free port of loopback.

    :param folder: not needed here, this service has no files
    :param store: keeps the two accounts
    :param seen_as: makes of the simulator the application that is served
    :return: the simulator, and what another client needs to know of it
    """
    simulator = Simulator(store)
    if not simulator.accounts.exists(KEYS["own_key"]):
        samples.fill(simulator, with_regimes=True, **KEYS)
    with serve(seen_as(simulator)) as origin:
        try:
            yield simulator, {"url": origin, **KEYS}
        finally:
            simulator.stall.set()
