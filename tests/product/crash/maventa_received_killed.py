"""Killing the workers that receive invoices, and comparing the bills."""

import pathlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

from maventa_api.simulator.samples import samples

from .faults import by_name, differences
from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_received_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.receiver",)
DATES = {"maventa_account": "paused_until", "maventa_receipt": "next_try"}
OPEN = "state IN ('listed', 'stored')"
# All have one reference and sum, so that most look like duplicates.
BOOKED = ("billed", "review", "duplicate")


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    ``arrived`` and ``bills`` have totals by invoice number. ``unlinked`` are bills
    without a receipt; ``states`` counts the receipts.
    """

    arrived: dict[str, list]
    bills: dict[str, list]
    unlinked: tuple[str, ...]
    states: Counter
    killing: Killing

    def faults(self):
        """Return what is not as it should be."""
        found = [*differences(self.arrived, self.bills)]
        found += [f"{name} has a bill without a receipt" for name in self.unlinked]
        for state, number in self.states.items():
            if state not in BOOKED:
                found.append(f"{number} receipts remain {state}")
        return found


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments while invoices are received.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    arrived = {}
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        uuid = user.call("prepare", settings=scene.settings)
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "maventa_receipt")

            def left():
                return len(arrived) - count(f"NOT ({OPEN})")

            killing.run(
                kills,
                left=left,
                supply=partial(_receive, scene.simulator, uuid, arrived),
                progress=lambda: count(f"NOT ({OPEN})"),
                is_halfway=lambda: count(OPEN),
            )
            killing.finish(left)
            states = killing.workers.rows("SELECT state FROM maventa_receipt")
        bills = user.call("bills")
    return Outcome(
        arrived=arrived,
        bills=by_name((number, total) for number, total, _is_linked in bills),
        unlinked=tuple(number for number, _total, is_linked in bills if not is_linked),
        states=Counter(state for (state,) in states),
        killing=killing,
    )


def _receive(simulator, uuid, arrived, number):
    """Let ``number`` more arrive, and add their totals by number."""
    kinds = [x for x in samples() if x.key in ("clean", "peppol_germany")]
    for place in range(number):
        sample = kinds[place % len(kinds)]
        name = f"K-{len(arrived)}"
        formats = {
            key: data.replace(sample.draft.number.encode(), name.encode())
            for key, data in sample.formats.items()
        }
        draft = replace(sample.draft, number=name)
        simulator.receive(uuid, replace(sample, draft=draft, formats=formats))
        arrived[name] = [f"{draft.total:.2f}"]
