"""Killing the workers that register, post, finalise and annul; AT's register after."""

import pathlib
from dataclasses import dataclass

from simulators.calls import Calls

from .killing import LATENCY, Killing

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_killed.py"
ADDON = "l10n_pt_atcud"
JOBS = ("l10n_pt_atcud.series",)
WAITING = 12  # series that are always left to register
# Odoo's states and the state at AT that each means; a draft does not exist there.
STATES = {"draft": None, "registered": "A", "annulled": "N", "finalised": "F"}


@dataclass(frozen=True)
class Outcome:
    """What became of it: series by identifier, and how the workers died.

    ``series``: in Odoo; ``register``: at AT, by identifier.
    """

    series: dict[str, dict]
    register: dict[str, dict]
    unfinished: int  # kills that left a request without an outcome
    killing: Killing

    def faults(self):
        """Return what differs between Odoo and AT, or is not as the law wants it."""
        found = [f"{name} only at AT" for name in {*self.register} - {*self.series}]
        for name, one in self.series.items():
            found += _faults(name, one, self.register.get(name, {}))
        return found


def crash(fixtures, kills, seed):
    """Kill a worker ``kills`` times at random moments, two being at work.

    :param seed: of the moments
    :return: an :class:`Outcome`, after one nightly run and nothing else
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
            killing, unfinished = Killing(workers, seed, server), 0
            for _kill in range(kills):
                if _count(workers, "state = 'draft'") < WAITING / 2:
                    user.call("stock", number=WAITING)
                killing.kill(_states(workers))
                unfinished += bool(_count(workers, "state IN ('pending', 'closing')"))
        user.call("nightly")
        series = user.call("series")
        return Outcome(series, _register(simulator), unfinished, killing)


def _faults(name, one, known):
    if one["state"] not in STATES:
        yield f"{name} is {one['state']}"
    elif known.get("estado") != STATES[one["state"]]:
        yield f"{name} is {one['state']}, at AT {known.get('estado')}"
    if one["code"] != known.get("codValidacaoSerie"):
        yield f"{name} has {one['code']}, at AT {known.get('codValidacaoSerie')}"
    documents = [tuple(document) for document in one["documents"]]
    numbers = range(1, len(documents) + 1)
    if documents != [(f"DEMO-FT {name}/{x}", f"{one['code']}-{x}") for x in numbers]:
        yield f"{name} has the documents {documents}"
    last = int(known.get("seqUltimoDocEmitido") or 0)
    if one["state"] == "finalised" and not last == one["last"] == len(documents):
        yield f"{name} ends with {len(documents)}, at AT with {last}"


def _register(simulator):
    """Return AT's series by identifier."""
    with simulator.store as state:
        rows = [row for key, row in state.items() if key.startswith("series/")]
    return {row["serie"]: row for row in rows}


def _states(workers):
    """Return how many series there are in each state, and how many documents."""
    query = "SELECT state, count(*) FROM l10n_pt_atcud_series GROUP BY state ORDER BY 1"
    posted = "SELECT count(*) FROM account_move WHERE state = 'posted'"
    return workers.rows(query) + workers.rows(posted)


def _count(workers, condition):
    [[number]] = workers.rows(
        f"SELECT count(*) FROM l10n_pt_atcud_series WHERE {condition}"
    )
    return number
