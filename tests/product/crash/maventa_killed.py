"""Killing the workers that transfer invoices, and counting what Maventa holds."""

import pathlib
from collections import Counter
from dataclasses import dataclass

from simulators.calls import Calls

from .killing import LATENCY, Killing

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_killed.py"
ADDON = "account_maventa"
JOBS = ("maventa.uploader", "maventa.delivery.tracking")
WAITING = 20  # invoices that are always left to transfer


@dataclass(frozen=True)
class Outcome:
    """What became of it; ``held`` counts by number what the service holds."""

    invoices: frozenset[str]
    held: Counter
    under_way: int  # kills that left an upload without an outcome
    states: frozenset[str]
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments while invoices are transferred.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    calls, server = Calls(LATENCY), fixtures.own_server
    with (
        fixtures.services(calls=calls) as services,
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        simulator, settings = services[ADDON]
        user.call("prepare", settings=settings)
        with fixtures.cron_workers(database, *JOBS, calls=calls) as workers:
            killing, under_way = Killing(workers, seed, server), 0
            for _kill in range(kills):
                _keep_busy(user, workers)
                killing.kill(_count(workers, "state = 'delivered'"))
                under_way += bool(_count(workers, "state IN ('uploading', 'unknown')"))
            killing.finish(lambda: not _count(workers, "state != 'delivered'"))
            states = workers.rows("SELECT DISTINCT state FROM maventa_transfer")
        return Outcome(
            invoices=frozenset(user.call("numbers")),
            held=Counter(invoice.number for invoice in simulator.held_invoices()),
            under_way=under_way,
            states=frozenset(state for (state,) in states),
            killing=killing,
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
