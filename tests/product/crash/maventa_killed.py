"""Killing the workers that transfer invoices, and counting what Maventa holds."""

import pathlib
import random
from collections import Counter
from dataclasses import dataclass

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.uploader", "maventa.delivery")
LATENCY = 0.05  # seconds: some die with a request under way
LONGEST = 0.8  # seconds that a worker lives
WAITING = 20  # invoices that are always left to transfer
ROUNDS = 240  # of half a second, to finish in peace


@dataclass(frozen=True)
class Outcome:
    """What became of it; ``held`` counts by number what the service holds."""

    invoices: frozenset[str]
    held: Counter
    under_way: int  # kills that left an upload without an outcome
    states: frozenset[str]


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments while invoices are transferred.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    chance = random.Random(seed)
    with (
        fixtures.services(LATENCY) as services,
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        simulator, settings = services[ADDON]
        user.call("prepare", settings=settings)
        with fixtures.cron_workers(database, *JOBS) as workers:
            under_way = 0
            for _kill in range(kills):
                _keep_busy(user, workers)
                workers.work(chance.uniform(0, LONGEST))
                workers.kill(chance.choice)
                under_way += bool(_count(workers, "state IN ('uploading', 'unknown')"))
            for _round in range(ROUNDS):
                if not _count(workers, "state != 'delivered'"):
                    break
                workers.work(0.5)
            states = workers.rows("SELECT DISTINCT state FROM maventa_transfer")
        return Outcome(
            invoices=frozenset(user.call("numbers")),
            held=Counter(invoice.number for invoice in simulator.held_invoices()),
            under_way=under_way,
            states=frozenset(state for (state,) in states),
        )


def _keep_busy(user, workers):
    """Post more when few are left, as somebody would while the workers work."""
    if _count(workers, "state = 'queued'") < WAITING / 2:
        user.call("post", number=WAITING)


def _count(workers, condition):
    [[number]] = workers.rows(
        f"SELECT count(*) FROM maventa_transfer WHERE {condition}"
    )
    return number
