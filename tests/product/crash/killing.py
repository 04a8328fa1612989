"""Killing workers again and again, and what they did when they died.

Where the database server is our own, it is disturbed in between: it restarts, its disk
is full, and a silent service lets a worker meet its time limit.
"""

import os
import random
from collections import Counter

LATENCY = 0.05  # seconds: some die with a request under way
LONGEST = 0.8  # seconds that a worker lives before it is chosen
SLOWEST = 8  # seconds, on a machine so busy that in less nothing comes about
ROUNDS = 240  # of half a second, to finish in peace
OFTEN = int(os.environ.get("KILLS", "1000"))  # kills of a measure
EVERY = 20  # kills between two disturbances
FULL = 3  # seconds that the disk is full


class Killing:
    """The kills of one run.

    ``met``: how many workers were killed at a call, at a write, and idle.

    ``disturbed``: how often the database or a time limit disturbed them.

    :param workers: :class:`harness.cron_workers.CronWorkers`
    :param seed: of the moments
    :param server: :class:`harness.own_server.OwnServer`, or ``None``
    :param dates: table=column of dates for which the workers do not wait
    """

    def __init__(self, workers, seed, server=None, **dates):
        self.met = Counter()
        self.disturbed = Counter()
        self._server = server
        self._workers = workers
        self._chance = random.Random(seed)
        self._dates = dates
        self._longest = LONGEST
        self._progress = None

    @property
    def busy(self):
        """The number of workers that were killed at a call or at a write."""
        return self.met.total() - self.met["idle"]

    def kill(self, progress):
        """Let the workers work for a moment, and kill one of them.

        :param progress: any value; where it stays the same, they get more time
        """
        if progress == self._progress:
            self._longest = min(self._longest * 1.3, SLOWEST)
        self._progress = progress
        self._workers.work(self._chance.uniform(0, self._longest), **self._dates)
        self.met[self._workers.kill(self._chance, **self._dates)] += 1
        if self._server and self.met.total() % EVERY == 0:
            self._disturb()

    def _disturb(self):
        """Let the next one of three things happen to the workers."""
        kinds = ("restart", "full disk", "time limit")
        kind = kinds[self.disturbed.total() % len(kinds)]
        self.disturbed[kind] += 1
        if kind == "restart":
            self._server.restart()
            self._workers.reconnect()
        elif kind == "full disk":
            with self._server.full_disk():
                self._workers.work(FULL, **self._dates)
        else:
            self._workers.meet_time_limit(**self._dates)

    def finish(self, is_done):
        """Let the workers finish in peace.

        :param is_done: returns whether nothing is left
        """
        for _round in range(ROUNDS):
            if is_done():
                return
            self._workers.work(0.5, **self._dates)

    def describe(self):
        """Return what the workers did when they died, as text."""
        met = self.met
        kills = (
            f"{met.total()} kills: {met['call']} at a call, {met['write']} at a write, "
            f"{met['idle']} idle"
        )
        disturbed = [f"{number} x {kind}" for kind, number in self.disturbed.items()]
        return "; ".join((kills, *disturbed))
