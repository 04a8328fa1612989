"""Killing the workers that register, post, finalise and annul; AT's register after."""

import pathlib
from dataclasses import dataclass
from functools import partial

from harness.cron_workers import MARK_POSTING

from .killing import AIMS, Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_killed.py"
ADDON = "l10n_pt_atcud"
JOBS = ("l10n_pt_atcud.series",)
MOST = 100  # kills on a machine so busy that workers hardly come to close a series
# AT's refusals of what is registered, annulled or finalised already
REPEATED = {4001, 4004, 4005}
# Odoo's states and the state at AT that each means; a draft does not exist there.
STATES = {"draft": None, "registered": "A", "annulled": "N", "finalised": "F"}
ENDED = ("finalised", "annulled")


@dataclass(frozen=True)
class Books:
    """Series and documents at one moment.

    ``series``: in Odoo; ``register``: at AT; both by identifier.
    """

    series: dict[str, dict]
    register: dict[str, dict]

    def faults(self):
        """Return what differs between Odoo and AT, or is not as the law wants it."""
        found = [f"{name} only at AT" for name in {*self.register} - {*self.series}]
        for name, one in self.series.items():
            found += _faults(name, one, self.register.get(name, {}))
        return found


@dataclass(frozen=True)
class Outcome:
    """What became of it, and how the workers died.

    ``after_night``: after one nightly run and nothing else; ``at_end``: after the jobs
    have finished in peace. ``refusals``: codes with which AT refused something.
    """

    after_night: Books
    at_end: Books
    refusals: dict[int, int]
    killing: Killing

    def faults(self):
        """Return what is not as it should be."""
        found = self.after_night.faults() + self.at_end.faults()
        for name, one in self.at_end.series.items():
            if one["state"] not in ENDED:
                found.append(f"{name} remains {one['state']}")
        for code in REPEATED & self.refusals.keys():
            found.append(f"repeated without asking: {self.refusals[code]} x {code}")
        return found


def crash(fixtures, kills, seed):
    """Kill workers at random moments, two being at work.

    :param kills: how many at least; more until series were closed in both ways
    :param seed: of the moments
    :return: an :class:`Outcome`
    """
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        user.call("prepare", settings=scene.settings, mark=MARK_POSTING)
        with scene.killing(*JOBS, seed=seed) as killing:
            count = partial(killing.workers.count, "l10n_pt_atcud_series")

            def is_each_closed():
                closed = [count(f"state = '{state}'") for state in ENDED]
                return all(closed) or killing.total >= MOST

            killing.run(
                kills,
                left=lambda: count("state = 'draft'"),
                supply=partial(user.call, "stock"),
                progress=lambda: _slow_work(killing.workers),
                is_halfway=lambda: count("state IN ('pending', 'closing')"),
                is_enough=is_each_closed,
                aims=(*AIMS, "posting"),
            )
        user.call("nightly")
        at = scene.simulator
        after_night = Books(user.call("series"), _register(at))
        user.call("finish")
        at_end = Books(user.call("series"), _register(at))
        return Outcome(after_night, at_end, dict(at.refusals), killing)


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


def _slow_work(workers):
    """Return how many series were closed, and how many documents posted.

    Registering goes on in moments that are too short for the rest.
    """
    closed = workers.count("l10n_pt_atcud_series", "state IN ('finalised', 'annulled')")
    return closed, workers.count("account_move", "state = 'posted'")
