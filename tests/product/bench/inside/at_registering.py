"""Many new series of the demo's company."""

import pathlib
import time
from runpy import run_path

PORTUGAL = run_path(str(pathlib.Path(__file__).with_name("portugal.py")))


def prepare(env, settings, number):
    """Make ``number`` series at the sandbox's address, and return their ids."""
    env, journal = PORTUGAL["connected"](env, settings)
    names = [f"BENCH{index}" for index in range(number)]
    series = PORTUGAL["series"](env, journal, names)
    return series.ids


def register(env, ids):
    """Register them as the list's button does; return the seconds."""
    series = env["l10n_pt_atcud.series"].browse(ids)
    env = env(context={**env.context, "allowed_company_ids": series.company_id.ids})
    series = series.with_env(env)
    started = time.perf_counter()
    series.action_register()
    seconds = time.perf_counter() - started
    if set(series.mapped("state")) != {"registered"}:
        raise AssertionError(f"not all are registered: {series.mapped('state')[:9]}")
    return seconds
