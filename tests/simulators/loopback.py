"""The three simulators on loopback, for the demo and other clients."""

import importlib
from contextlib import ExitStack, closing, contextmanager

from harness import protocol_packages
from harness.addons import ADDONS

from .calls import Calls
from .file_store import FileStore


@contextmanager
def running(folder, calls=None):
    """Run the three simulators; their state is kept in ``folder``.

    :param folder: for their stores, keys and certificates
    :param calls: watches the requests; see :class:`Calls`
    :return: for each addon the simulator, and the settings of a client
    """
    calls = calls or Calls()
    protocol_packages.expose()
    with ExitStack() as stack:
        found = {}
        for addon in reversed(ADDONS.values()):
            own = folder / addon.sandbox
            own.mkdir(parents=True, exist_ok=True)
            store = stack.enter_context(closing(FileStore(own / "state.sqlite")))
            sandbox = importlib.import_module(f"simulators.{addon.sandbox}")
            found[addon.name] = stack.enter_context(
                sandbox.running(own, store, calls.watch)
            )
        yield found
