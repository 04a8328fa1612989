"""Killing the workers that receive invoices, and counting the bills."""

import pathlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

from maventa_api.simulator.samples import samples

from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_received_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.receiver",)
DATES = {"maventa_account": "paused_until", "maventa_receipt": "next_try"}


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    ``bills`` counts by invoice number, ``states`` the receipts.
    """

    arrived: frozenset[str]
    bills: Counter
    empty: int  # bills without a line
    states: Counter
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments while invoices are received.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    arrived = set()
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        uuid = user.call("prepare", settings=scene.settings)
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "maventa_receipt")

            def left():
                return len(arrived) - count("move_id IS NOT NULL")

            killing.run(
                kills,
                left=left,
                supply=partial(_receive, scene.simulator, uuid, arrived),
                progress=lambda: count("move_id IS NOT NULL"),
                is_halfway=lambda: count("state IN ('listed', 'stored')"),
            )
            killing.finish(left)
            states = killing.workers.rows("SELECT state FROM maventa_receipt")
        bills = user.call("bills")
    return Outcome(
        arrived=frozenset(arrived),
        bills=Counter(number for number, _lines in bills),
        empty=sum(1 for _number, lines in bills if not lines),
        states=Counter(state for (state,) in states),
        killing=killing,
    )


def _receive(simulator, uuid, arrived, number):
    """Let ``number`` more arrive, and add their numbers."""
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
        arrived.add(name)
