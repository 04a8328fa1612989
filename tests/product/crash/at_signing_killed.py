"""Killing the workers that post and sign documents, and verifying the chain."""

import pathlib
from dataclasses import dataclass
from functools import partial

from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_signing_killed.py"
ADDON = "l10n_pt_atcud"
JOB = "account.move"  # posts drafts on their date


@dataclass(frozen=True)
class Outcome:
    """What became of it: numbers of signed documents, breaks, and drafts left."""

    numbers: tuple[int, ...]
    breaks: tuple[str, ...]
    left: int
    killing: Killing


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments while documents are signed.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with stage(fixtures, ADDON, INSIDE) as scene:
        user = scene.user
        user.call("prepare")
        with scene.killing(JOB, seed=seed) as killing:

            def left():
                waiting = "state = 'draft' AND auto_post != 'no'"
                return killing.workers.count("account_move", waiting)

            killing.run(
                kills,
                left=left,
                supply=partial(user.call, "draft"),
                progress=left,
                aims=("write", "commit"),  # nobody is called
            )
            killing.finish(left)
            rest = left()
        numbers, breaks = user.call("verify")
    return Outcome(tuple(numbers), tuple(breaks), rest, killing)
