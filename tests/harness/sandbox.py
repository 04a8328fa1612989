"""``./dev sandbox``: the three simulators alone, for other clients, until Ctrl-C."""

import shutil
import sys

from . import console, processes, simulators
from .console import say
from .places import VAR, locked

NAMES = {
    "l10n_pt_atcud": "AT, series (SOAP over TLS; a client certificate is demanded)",
    "account_maventa": "Maventa",
    "account_billingo_import": "Billingo",
}


def main():
    """Serve them until Ctrl-C; each start begins with empty services."""
    folder = VAR / "sandbox"
    with locked(VAR / "sandbox.lock", "another ./dev sandbox is at work here"):
        shutil.rmtree(folder, ignore_errors=True)
        with simulators.running(folder) as services:
            for addon, (_simulator, told) in services.items():
                say(f"\n{NAMES[addon]}")
                for key, value in told.items():
                    say(f"  {key:20} {value}")
            say("\nInvented keys, valid here only. Ctrl-C ends it.")
            console.until_interrupted()


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
