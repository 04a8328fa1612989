"""Invoices of the demo's Finnish company on their way to Maventa."""

import pathlib
import time
from runpy import run_path
from uuid import uuid4

TESTS = pathlib.Path(__file__).resolve().parents[2]
KILLED = run_path(str(TESTS / "crash" / "inside" / "maventa_killed.py"))


def prepare(env, settings, number, pdf):
    """Make the company with its transfer switched on, and post invoices.

    :param pdf: whether the PDF is sent along
    """
    KILLED["prepare"](env, settings)
    env["res.company"].search([("maventa_enabled", "=", True)]).maventa_send_pdf = pdf
    env["ir.cron"].search([]).active = False  # no process helps unasked
    KILLED["post"](env, number)


def make(env):
    """Make the documents of all queued invoices and forget them; return the seconds."""
    moves = env["maventa.transfer"].search([("state", "=", "queued")]).move_id
    started = time.perf_counter()
    for move in moves:
        env["maventa.document"]._make(move.with_company(move.company_id))
        env.cr.rollback()
    return time.perf_counter() - started


def transfer(env):
    """Transfer as the scheduled job does, until none is queued; return the seconds."""
    transfers = env["maventa.transfer"]
    started = time.perf_counter()
    while transfers.search_count([("state", "in", ("queued", "uploading"))]):
        env["maventa.uploader"]._run_job()
        env.cr.commit()
        env.invalidate_all()
    return time.perf_counter() - started


def multiply(env, number):
    """Make of one accepted transfer ``number``, and return the UUIDs, its own first."""
    [one] = env["maventa.transfer"].search([])
    values = one.copy_data()[0] | {"state": one.state}
    uuids = [str(uuid4()) for _other in range(number - 1)]
    env["maventa.transfer"].create(
        [values | {"uuid": uuid, "remote_id": uuid} for uuid in uuids]
    )
    env.cr.commit()
    return [one.uuid, *uuids]


def follow_up(env):
    """Ask about all that are pending, as the scheduled job does; return the seconds."""
    started = time.perf_counter()
    env["maventa.delivery"]._run_job()
    env.cr.commit()
    return time.perf_counter() - started
