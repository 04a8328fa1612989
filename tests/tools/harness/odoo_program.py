"""Odoo's command, as a file.

A server that reloads itself, as after a request that took too long, starts the file
again that it was started from; started by ``python -m odoo`` it would end instead.

Odoo names each session of the database by the process that made the registry, so that
all workers have the name of their server. Here each has its own: whoever looks on can
tell which one writes. And where the harness kills workers, they help it.
"""

import os
import pathlib
from runpy import run_path

from odoo import sql_db
from odoo.cli import main

KILLS = run_path(str(pathlib.Path(__file__).with_name("commit_kills.py")))


def name_sessions():
    """Let sessions that this process opens from now on have its own name."""
    from odoo.modules.registry import Registry

    for name, registry in Registry.registries.items():
        registry._db = sql_db.db_connect(name)


if __name__ == "__main__":
    os.register_at_fork(after_in_child=name_sessions)
    if folder := os.environ.get(KILLS["VARIABLE"]):
        KILLS["obey"](pathlib.Path(folder))
    main()
