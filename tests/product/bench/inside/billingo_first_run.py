"""One slot of the scheduler after the other fetches from a supplier's account."""

import pathlib
import time
from runpy import run_path

prepare = run_path(str(pathlib.Path(__file__).with_name("billingo_booking.py")))[
    "prepare"
]


def slot(env):
    """Run the fetching job for one slot; return what is committed after it."""
    started = time.perf_counter()
    env.ref("account_billingo_import.ir_cron_billingo_fetch").method_direct_trigger()
    seconds = time.perf_counter() - started
    env.cr.rollback()  # to see what others committed
    env.invalidate_all(flush=False)
    connection = env["billingo.connection"].search([("state", "=", "active")])
    return {
        "seconds": seconds,
        "pages": connection.run_id.pages,
        "documents": env["billingo.document"].search_count([]),
        "is_done": bool(connection.fetched_until),
    }
