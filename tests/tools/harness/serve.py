"""``./dev serve``: the demo in Odoo's web client, until Ctrl-C."""

import sys

import psycopg2
from simulators import loopback

from . import console, databases, demo, odoo_server, processes
from .addons import ADDONS
from .console import say
from .paths import VAR, locked
from .toolchain import from_environment


def main(port):
    """Serve the demo on ``port``; play it first if it does not exist."""
    toolchain = from_environment()
    with locked(VAR / "demo.lock", demo.BUSY):
        odoo_server.refuse_busy(port)
        database = databases.demo_name()
        if not demo.READY.exists() or not databases.exists(toolchain, database):
            demo.play(toolchain)
        with loopback.running(demo.KEPT) as services:
            _write_addresses(toolchain, database, demo.addresses(services, port))
            log = demo.FOLDER / "serve.log"
            with odoo_server.serving(toolchain, database, port, log) as server:
                _print_addresses(server, services)
                server.until_interrupted()


def _write_addresses(toolchain, database, parameters):
    """Write the addresses of server and simulators into the database."""
    connection = psycopg2.connect(host=toolchain.socket, user="odoo", dbname=database)
    with connection, connection.cursor() as cursor:
        for key, value in parameters.items():
            cursor.execute(
                "UPDATE ir_config_parameter SET value = %s WHERE key = %s", [value, key]
            )
    connection.close()


def _print_addresses(server, services):
    say(f"\nOdoo is at {server.url} (log: {server.log}).")
    say("Log in with one of these names; the password equals the name:")
    for addon, (_simulator, settings) in services.items():
        known = ADDONS[addon]
        say(f"  {known.accountant:16} {known.company}: {addon}")
        say(f"  {'':16} its simulator is at {settings['url']}")
    for name in ("administrator.pt", "administrator.fi"):
        say(f"  {name:16} may change the settings of that company")
    say(f"  {'admin':16} may do everything in all three; choose the company above")
    say("Ctrl-C stops it.")


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main, int(sys.argv[1])))
