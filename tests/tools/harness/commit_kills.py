"""Killing workers right after a commit: what the harness and a worker do for it.

Who watches the sessions of the database is too late where one commit follows another
at once. So a worker ends itself, when the harness wishes it, after a commit of what it
has written; soonest at a place in the code where few have died before.

A worker loads this file by its path, and has no other module of the harness.
"""

import os
import pathlib
import random
import signal
import sys
from contextlib import suppress

VARIABLE = "FISCAL_BRIDGES_COMMIT_KILLS"  # the folder through which both ends speak
WISHED, MET, PLACES = "wished", "met", "places"
TESTS = pathlib.Path(__file__).parents[2]
ROOT = TESTS.parent
LEAST = 0.1  # chance to die, also at a place where many have died
IN_TRANSACTION = 2  # psycopg2.extensions.TRANSACTION_STATUS_INTRANS
WRITTEN = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"


class CommitKills:
    """The harness's end.

    :param folder: an empty folder
    """

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self.environment = {VARIABLE: str(folder)}
        self.places = 0  # in the code at which workers have died

    def end_one(self, looks):
        """Wish that a worker ends itself; return whether one has.

        :param looks: an iterable that lasts as long as the wish
        """
        wished, met = self._folder / WISHED, self._folder / MET
        wished.touch()
        for _look in looks:
            if met.exists():
                break
        wished.unlink(missing_ok=True)
        is_met = met.exists()
        met.unlink(missing_ok=True)
        self.places = len({*_read(self._folder / PLACES)})
        return is_met


def obey(folder):
    """Let this worker end itself after a commit when the harness wishes it."""
    from odoo.sql_db import Cursor

    wished, places, commit = folder / WISHED, folder / PLACES, Cursor.commit

    def commit_and_obey(self):
        has_written = wished.exists() and _has_written(self)
        commit(self)
        if has_written:
            place = _place()
            died_here = _read(places).count(place)
            if random.random() < max(LEAST, 1 / (1 + died_here) ** 2):
                end(folder, place)

    Cursor.commit = commit_and_obey


def _has_written(cursor):
    """Return whether a transaction has written; an aborted one has not."""
    cursor.flush()
    if cursor.connection.info.transaction_status != IN_TRANSACTION:
        return False
    cursor.execute(WRITTEN)
    return cursor.fetchone()[0]


def _place():
    """Return the lines of the addons, and of evaluated code, that lead here."""
    lines, frame = [], sys._getframe(2)
    while frame:
        path = pathlib.Path(frame.f_code.co_filename)
        is_ours = path.is_relative_to(ROOT) and not path.is_relative_to(TESTS)
        if is_ours or not path.is_absolute():
            lines.append(f"{path.name}:{frame.f_lineno}")
        frame = frame.f_back
    return " ".join(lines)


def end(folder, place):
    """End this worker as the harness wishes, unless another one was faster."""
    with suppress(FileNotFoundError):
        (folder / WISHED).rename(folder / MET)
        with (folder / PLACES).open("a") as file:
            print(place, file=file)
        os.kill(os.getpid(), signal.SIGKILL)


def _read(path):
    with suppress(FileNotFoundError):
        return path.read_text().splitlines()
    return []
