"""The three simulators on loopback, for the demo and other clients."""

import importlib
import time
from contextlib import ExitStack, closing, contextmanager

from harness import protocol_packages
from harness.addons import ADDONS

from .file_store import FileStore


@contextmanager
def running(folder, latency=0):
    """Run the three simulators; their state is kept in ``folder``.

    :param folder: for their stores, keys and certificates
    :param latency: seconds that each answer takes longer
    :return: for each addon the simulator, and the settings of a client
    """

    def delayed(application):
        def answer(environ, start_response):
            time.sleep(latency)
            return application(environ, start_response)

        return answer if latency else application

    protocol_packages.expose()
    with ExitStack() as stack:
        found = {}
        for addon in reversed(ADDONS.values()):
            own = folder / addon.sandbox
            own.mkdir(parents=True, exist_ok=True)
            store = stack.enter_context(closing(FileStore(own / "state.sqlite")))
            sandbox = importlib.import_module(f"simulators.{addon.sandbox}")
            found[addon.name] = stack.enter_context(
                sandbox.running(own, store, delayed)
            )
        yield found
