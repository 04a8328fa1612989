"""Killing the workers that transfer invoices, and comparing what Maventa holds."""

import pathlib
from collections import Counter
from dataclasses import dataclass
from functools import partial

from .faults import by_name, differences
from .killing import Killing, stage

INSIDE = pathlib.Path(__file__).parent / "inside" / "maventa_killed.py"
ADDON = "account_maventa"
DATES = {"maventa_account": "paused_until"}  # after a full disk
JOBS = ("maventa.uploader", "maventa.delivery.tracking")


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    ``posted`` has the amounts of the invoices by number, ``held`` those at the service.
    ``repeated`` were uploaded without asking first whether they are there, of
    ``altered`` the service has other bytes than Odoo keeps. ``states`` counts the
    transfers.
    """

    posted: dict[str, list]
    held: dict[str, list]
    repeated: tuple[str, ...]
    altered: tuple[str, ...]
    states: Counter
    killing: Killing

    def faults(self):
        """Return what is not as it should be."""
        found = [*differences(self.held, self.posted)]
        found += [f"{name} uploaded without asking" for name in self.repeated]
        found += [f"{name} held with other bytes" for name in self.altered]
        for state, number in self.states.items():
            if state != "delivered":
                found.append(f"{number} transfers remain {state}")
        return found


def crash(fixtures, kills, seed):
    """Kill ``kills`` workers at random moments while invoices are transferred.

    :param seed: of the moments
    :return: an :class:`Outcome`, after the workers have finished in peace
    """
    with stage(fixtures, ADDON, INSIDE, counts=_is_upload) as scene:
        user = scene.user
        user.call("prepare", settings=scene.settings)
        with scene.killing(*JOBS, seed=seed, **DATES) as killing:
            count = partial(killing.workers.count, "maventa_transfer")

            killing.run(
                kills,
                left=lambda: count("state = 'queued'"),
                supply=partial(user.call, "post"),
                progress=lambda: count("state = 'delivered'"),
                is_halfway=lambda: count("state IN ('uploading', 'unknown')"),
            )
            killing.finish(lambda: count("state != 'delivered'"))
            query = "SELECT uuid, state, sha256 FROM maventa_transfer"
            transfers = killing.workers.rows(query)
        digests = {uuid: digest for uuid, _state, digest in transfers}
        held = scene.simulator.held_invoices()
        return Outcome(
            posted=by_name(user.call("amounts")),
            held=by_name((one.number, f"{one.sum} {one.sum_tax}") for one in held),
            repeated=tuple(one.number for one in held if one.posted > 1),
            altered=tuple(
                one.number for one in held if one.sha256 != digests.get(one.uuid)
            ),
            states=Counter(state for _uuid, state, _digest in transfers),
            killing=killing,
        )


def _is_upload(method, path):
    """Return whether it is an upload: who dies at another request has lost nothing."""
    return method == "POST" and path == "/v1/invoices"
