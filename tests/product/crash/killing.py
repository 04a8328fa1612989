"""Killing workers again and again, and what they did when they died.

Where the database server is our own, it is disturbed in between: it restarts, its disk
is full, and a silent service lets a worker meet its time limit.
"""

import os
import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle

from harness.console import say
from harness.cron_workers import CronWorkers
from harness.odoo_worker import OdooWorker
from simulators.calls import Calls

LATENCY = 0.15  # seconds: some die with a request under way, also where all is slow
LONGEST = 0.4  # seconds that workers live at first before one is chosen
SLOWEST = 8  # seconds, on a machine so busy that in less nothing comes about
LONGER, SHORTER = 1.4, 0.8  # the seconds, after a kill without and with progress
WAITING = 20  # pieces of work that are always left
ROUNDS = 240  # of half a second without progress, before it is given up
AIMS = ("call", "write", "commit")
KINDS = (*AIMS, "idle")
OFTEN = int(os.environ.get("KILLS", "1000"))  # kills of a measure
LUCKLESS = 5  # times the kills, until each aim has to be met and one be halfway
EVERY = 25  # kills between two disturbances
FULL = 3  # seconds that the disk is full


@dataclass(frozen=True)
class Stage:
    """A database with an addon, the simulators, and a user of both.

    ``user`` calls functions of the script inside Odoo. ``settings`` are those of a
    client of the addon's ``simulator``.
    """

    user: OdooWorker
    simulator: object
    settings: dict
    _fixtures: object
    _database: str
    _calls: Calls

    @contextmanager
    def killing(self, *jobs, seed, **dates):
        """Run Odoo's workers during the block; yield their :class:`Killing`.

        It says at the end what they did when they died.

        :param jobs: names of the models whose scheduled jobs run
        :param seed: of the moments
        :param dates: table=column of dates for which the workers do not wait
        """
        with self._fixtures.cron_workers(
            self._database, *jobs, calls=self._calls
        ) as workers:
            killing = Killing(workers, seed, self._fixtures.own_server, dates)
            yield killing
        say(f"  {killing.describe()}")


@contextmanager
def stage(fixtures, addon, script, **options):
    """Set the stage for the block; yield a :class:`Stage`.

    :param script: path of the file with the functions that the user calls
    :param options: of :class:`Calls`
    """
    calls = Calls(LATENCY, **options)
    with (
        fixtures.services(calls=calls) as services,
        fixtures.database(addon) as database,
        fixtures.odoo(database, script) as user,
    ):
        yield Stage(user, *services[addon], fixtures, database, calls)


class Killing:
    """The kills of one run.

    ``met``: how many workers were killed at a call, at a write, right after a commit,
    and idle; and how many of those at a write were posting, where the jobs tell.

    ``halfway``: after how many blows something was begun and not ended.

    ``disturbed``: how often the database or a time limit disturbed them.

    :param seed: of the moments
    :param server: :class:`harness.own_server.OwnServer`, or ``None``
    :param dates: columns by tables; the workers do not wait for these dates
    """

    def __init__(self, workers: CronWorkers, seed, server, dates):
        self.workers = workers
        self.met = Counter()
        self.halfway = 0
        self.disturbed = Counter()
        self._server = server
        self._chance = random.Random(seed)
        self._dates = dates
        self._longest = LONGEST
        self._least = 0  # kills that have to meet each aim

    @property
    def busy(self):
        """The number of workers that were killed at something."""
        return self.total - self.met["idle"]

    @property
    def total(self):
        """The number of workers that were killed."""
        return sum(self.met[kind] for kind in KINDS)

    def hit(self, *kinds):
        """Return whether most kills met something, and enough of them each kind."""
        has_met = all(self.met[kind] >= self._least for kind in kinds)
        return has_met and self.busy > self.total / 2

    def run(
        self,
        kills,
        *,
        left,
        supply,
        progress,
        is_halfway=None,
        is_enough=lambda: True,
        aims=AIMS,
    ):
        """Kill workers until ``kills`` have died, and it is enough.

        :param left: returns how much the workers have left to do
        :param supply: gives them more, ``number`` of them, when little is left
        :param progress: returns any value; where it stays the same, they get more time
        :param is_halfway: returns whether something was begun and not ended; then that
            has to happen once at least, if not in far more kills
        :param aims: what the blows wait for, in turn; see ``CronWorkers.kill``. A tenth
            of the kills has to meet each, if not in far more kills
        """
        self._least = kills / 10

        def is_luckless():
            has_met = all(self.met[aim] >= self._least for aim in aims)
            return not has_met or bool(is_halfway and not self.halfway)

        turns = cycle(aims)
        disturbances, before = 0, None
        while (
            self.total < kills
            or not is_enough()
            or (is_luckless() and self.total < LUCKLESS * kills)
        ):
            if left() < WAITING / 2:
                supply(number=WAITING)
            came = progress()
            self._longest *= LONGER if came == before else SHORTER
            self._longest = min(max(self._longest, LONGEST), SLOWEST)
            before = came
            self._strike(next(turns))
            self.halfway += bool(is_halfway and is_halfway())
            if self._server and self.total // EVERY > disturbances:
                disturbances += 1
                self._disturb()

    def _strike(self, aim):
        """Let the workers work for a moment, and kill those that do it then."""
        self.workers.work(self._chance.uniform(0, self._longest), **self._dates)
        for doing in self.workers.kill(self._chance, aim, **self._dates):
            self.met.update(doing)

    def _disturb(self):
        """Let the next one of three things happen to the workers."""
        kinds = ("restart", "full disk", "time limit")
        kind = kinds[self.disturbed.total() % len(kinds)]
        if kind == "restart":
            self._server.restart()
            self.workers.reconnect()
        elif kind == "full disk":
            with self._server.full_disk():
                self.workers.work(FULL, **self._dates)
        elif not self.workers.meet_time_limit(**self._dates):
            return  # next time
        self.disturbed[kind] += 1

    def finish(self, left):
        """Let the workers finish in peace, as long as they come forward.

        :param left: returns how much is left
        """
        fewest, since = left(), 0
        while fewest and since < ROUNDS:
            self.workers.gather()
            self.workers.work(0.5, **self._dates)
            now = left()
            fewest, since = min(now, fewest), 0 if now < fewest else since + 1

    def describe(self):
        """Return what the workers did when they died, as text."""
        met = self.met
        posting = f" ({met['posting']} while posting)" if met["posting"] else ""
        kills = (
            f"{self.total} kills: {met['call']} at a call, {met['write']} at a write"
            f"{posting}, {met['commit']} after a commit (at "
            f"{self.workers.commit_kills.places} places in the code), {met['idle']} "
            f"idle; something was halfway {self.halfway} times"
        )
        disturbed = [f"{number} x {kind}" for kind, number in self.disturbed.items()]
        return "; ".join((kills, *disturbed))
