"""Killing the workers that transfer invoices, and counting what Maventa holds."""

import pathlib
from collections import Counter
from dataclasses import dataclass
from functools import partial

from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_killed.py"
ADDON = "account_maventa"
DATES = {"maventa_account": "paused_until"}  # after a full disk
JOBS = ("maventa.uploader", "maventa.delivery.tracking")


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    ``held`` counts by number what the service holds, ``states`` the transfers.
    """

    invoices: frozenset[str]
    held: Counter
    states: Counter
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments while invoices are transferred.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        user.call("prepare", settings=scene.settings)
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "maventa_transfer")

            killing.run(
                kills,
                left=lambda: count("state = 'queued'"),
                supply=partial(user.call, "post"),
                progress=lambda: count("state = 'delivered'"),
                is_halfway=lambda: count("state IN ('uploading', 'unknown')"),
            )
            killing.finish(lambda: count("state != 'delivered'"))
            states = killing.workers.rows("SELECT state FROM maventa_transfer")
        return Outcome(
            invoices=frozenset(user.call("numbers")),
            held=Counter(invoice.number for invoice in scene.simulator.held_invoices()),
            states=Counter(state for (state,) in states),
            killing=killing,
        )
