"""Killing the workers that receive invoices, and counting the bills."""

import pathlib
import random
from collections import Counter
from dataclasses import dataclass, replace

from maventa_api.simulator.samples import samples

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_received_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.receiver",)
LATENCY = 0.03  # seconds: some die with a request under way
LONGEST = 0.8  # seconds that a worker lives
WAITING = 20  # invoices that are always left to fetch
ROUNDS = 240  # of half a second, to finish in peace


@dataclass(frozen=True)
class Outcome:
    """What became of it: ``bills`` counts by invoice number."""

    arrived: frozenset[str]
    bills: Counter
    empty: int  # bills without a line
    under_way: int  # kills that left a receipt between list and bill
    states: frozenset[str]


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments while invoices are received.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    chance = random.Random(seed)
    arrived = set()
    with (
        fixtures.services(LATENCY) as services,
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        simulator, settings = services[ADDON]
        uuid = user.call("prepare", settings=settings)
        with fixtures.cron_workers(database, *JOBS) as workers:
            under_way = 0
            for _kill in range(kills):
                _keep_busy(simulator, uuid, workers, arrived)
                workers.work(chance.uniform(0, LONGEST), maventa_receipt="next_try")
                workers.kill(chance.choice)
                under_way += bool(_count(workers, "state IN ('listed', 'stored')"))
            for _round in range(ROUNDS):
                if _count(workers, "move_id IS NOT NULL") == len(arrived):
                    break
                workers.work(0.5, maventa_receipt="next_try")
            states = workers.rows("SELECT DISTINCT state FROM maventa_receipt")
        bills = user.call("bills")
        return Outcome(
            arrived=frozenset(arrived),
            bills=Counter(number for number, _lines in bills),
            empty=sum(1 for _number, lines in bills if not lines),
            under_way=under_way,
            states=frozenset(state for (state,) in states),
        )


def _keep_busy(simulator, uuid, workers, arrived):
    """Let more arrive when few are left."""
    if len(arrived) - _count(workers, "move_id IS NOT NULL") >= WAITING / 2:
        return
    kinds = [x for x in samples() if x.key in ("clean", "peppol_germany")]
    for number in range(WAITING):
        sample = kinds[number % len(kinds)]
        name = f"K-{len(arrived)}"
        formats = {
            key: data.replace(sample.draft.number.encode(), name.encode())
            for key, data in sample.formats.items()
        }
        draft = replace(sample.draft, number=name)
        simulator.receive(uuid, replace(sample, draft=draft, formats=formats))
        arrived.add(name)


def _count(workers, condition):
    [[number]] = workers.rows(f"SELECT count(*) FROM maventa_receipt WHERE {condition}")
    return number
