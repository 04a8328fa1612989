"""Many registered series of the demo's company."""

import pathlib
import time
from runpy import run_path

PORTUGAL = run_path(str(pathlib.Path(__file__).with_name("portugal.py")))


def prepare(env, settings, codes):
    """Make a registered series for each identifier in ``codes``."""
    env, journal = PORTUGAL["connected"](env, settings)
    series = PORTUGAL["series"](env, journal, list(codes))
    for one in series:
        code = codes[one.identifier]
        one.write({"state": "registered", "validation_code": code})
    env.cr.commit()


def compare(env):
    """Run the nightly job; return the seconds."""
    started = time.perf_counter()
    env["l10n_pt_atcud.nightly_check"]._cron_check()
    seconds = time.perf_counter() - started
    env.invalidate_all()
    series = env["l10n_pt_atcud.series"].search([("identifier", "=like", "BENCH%")])
    if set(series.mapped("state")) != {"registered"} or any(
        series.mapped("result_code")
    ):
        raise AssertionError("AT knows them all as they are, the job finds differences")
    return seconds
