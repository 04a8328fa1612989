"""``./dev sandbox``: the three simulators alone, for other clients, until Ctrl-C."""

import shutil
import signal
import sys
from contextlib import suppress

from simulators import loopback

from . import console, processes
from .addons import ADDONS
from .console import say
from .paths import VAR, locked


def main():
    """Serve them until Ctrl-C; they are empty at each start."""
    folder = VAR / "sandbox"
    with locked(
        VAR / "sandbox.lock", "another ./dev sandbox is running in this folder"
    ):
        shutil.rmtree(folder, ignore_errors=True)
        with loopback.running(folder) as services:
            for addon, (_simulator, settings) in services.items():
                say(f"\n{ADDONS[addon].service}")
                for key, value in settings.items():
                    say(f"  {key:20} {value}")
            say("\nInvented keys, valid here only. Ctrl-C stops the simulators.")
            with suppress(KeyboardInterrupt):
                signal.pause()
            say("\nstopped")


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
