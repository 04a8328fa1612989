"""Killing the workers that post and sign documents, and verifying the chain."""

import pathlib
from dataclasses import dataclass

from simulators.calls import Calls

from .killing import LATENCY, ROUNDS, Killing

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_signing_killed.py"
ADDON = "l10n_pt_atcud"
JOB = "account.move"  # posts drafts on their date
WAITING = 20  # drafts that are always left to post


@dataclass(frozen=True)
class Outcome:
    """What became of it: numbers of signed documents, breaks, and drafts left."""

    numbers: tuple[int, ...]
    breaks: tuple[str, ...]
    left: int
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments while documents are signed.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with (
        fixtures.database(ADDON) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        user.call("prepare")
        with fixtures.cron_workers(database, JOB, calls=Calls(LATENCY)) as workers:
            killing = Killing(workers, seed)
            for _kill in range(kills):
                if _left(workers) < WAITING / 2:
                    user.call("draft", number=WAITING)
                killing.kill(_left(workers))
            for _round in range(ROUNDS):
                if not _left(workers):
                    break
                workers.work(0.5)
            left = _left(workers)
        numbers, breaks = user.call("verify")
    return Outcome(tuple(numbers), tuple(breaks), left, killing)


def _left(workers):
    [[number]] = workers.rows(
        "SELECT count(*) FROM account_move WHERE state = 'draft' AND auto_post != 'no'"
    )
    return number
