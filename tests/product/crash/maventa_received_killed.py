"""Killing the workers that receive invoices, and counting the bills."""

import pathlib
from collections import Counter
from dataclasses import dataclass, replace

from maventa_api.simulator.samples import samples
from simulators.calls import Calls

from .killing import LATENCY, Killing

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_received_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.receiver",)
WAITING = 20  # invoices that are always left to fetch


@dataclass(frozen=True)
class Outcome:
    """What became of it: ``bills`` counts by invoice number."""

    arrived: frozenset[str]
    bills: Counter
    empty: int  # bills without a line
    under_way: int  # kills that left a receipt between list and bill
    states: frozenset[str]
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments while invoices are received.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    arrived, calls, server = set(), Calls(LATENCY), fixtures.own_server
    with (
        fixtures.services(calls=calls) as services,
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        simulator, settings = services[ADDON]
        uuid = user.call("prepare", settings=settings)
        with fixtures.cron_workers(database, *JOBS, calls=calls) as workers:
            killing = Killing(workers, seed, server, maventa_receipt="next_try")
            under_way = 0
            for _kill in range(kills):
                _keep_busy(simulator, uuid, workers, arrived)
                killing.kill(_count(workers, "move_id IS NOT NULL"))
                under_way += bool(_count(workers, "state IN ('listed', 'stored')"))
            killing.finish(
                lambda: _count(workers, "move_id IS NOT NULL") == len(arrived)
            )
            states = workers.rows("SELECT DISTINCT state FROM maventa_receipt")
        bills = user.call("bills")
        return Outcome(
            arrived=frozenset(arrived),
            bills=Counter(number for number, _lines in bills),
            empty=sum(1 for _number, lines in bills if not lines),
            under_way=under_way,
            states=frozenset(state for (state,) in states),
            killing=killing,
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
