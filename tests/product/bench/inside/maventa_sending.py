"""Invoices of the demo's Finnish company on their way to Maventa."""

import pathlib
import time
from runpy import run_path
from uuid import uuid4

BATCH = 20  # invoices of one call of the PDF tool
TESTS = pathlib.Path(__file__).resolve().parents[2]
KILLED = run_path(str(TESTS / "crash" / "inside" / "maventa_killed.py"))


def prepare(env, settings, number, pdf):
    """Make the company with its transfer switched on, and post invoices.

    :param pdf: whether the PDF is sent along
    """
    KILLED["prepare"](env, settings)
    _company(env).maventa_send_pdf = pdf
    env["ir.cron"].search([]).active = False  # no process helps unasked
    KILLED["post"](env, number)


def post(env, number):
    """Post more invoices, which are queued."""
    KILLED["post"](env, number)


def make_as_odoo(env):
    """Make XML and PDFs of all queued invoices as Odoo does; return the seconds.

    One call of the PDF tool for a batch; nothing is kept.
    """
    moves = env["maventa.transfer"].search([("state", "=", "queued")]).move_id
    sender, builder = env["account.move.send"], env["account.edi.xml.ubl_bis3"]
    started = time.perf_counter()
    for start in range(0, len(moves), BATCH):
        data = {
            move: {"pdf_report": sender._get_default_pdf_report_id(move)}
            for move in moves[start : start + BATCH]
        }
        for move in data:
            builder._export_invoice(move)
        sender._prepare_invoice_pdf_report(data)
        env.cr.rollback()
    return time.perf_counter() - started


def mail(env, number):
    """Send as many invoices by Odoo's own e-mail; return the seconds."""
    moves = _post_unqueued(env, number)
    sender = env(context=_context(env))["account.move.send"]
    started = time.perf_counter()
    sender._generate_and_send_invoices(moves, sending_methods=["email"])
    env.cr.commit()
    return time.perf_counter() - started


def send_in_dialog(env, method, number):
    """Send invoices one by one in Odoo's dialog; return the seconds of each."""
    seconds = []
    for move in _post_unqueued(env, number):
        wizards = env(context=_context(env))["account.move.send.wizard"]
        wizard = wizards.create({"move_id": move.id})
        wizard.sending_method_checkboxes = {method: {"checked": True}}
        env.cr.commit()
        started = time.perf_counter()
        wizard.action_send_and_print()
        env.cr.commit()
        seconds.append(time.perf_counter() - started)
    return seconds


def _post_unqueued(env, number):
    company = _company(env)
    company.maventa_on_posting = False
    last = env["account.move"].search([], order="id desc", limit=1)
    KILLED["post"](env, number)
    moves = env["account.move"].search([("id", ">", last.id)], order="id")
    assert len(moves) == number
    return moves


def _context(env):
    return {**env.context, "allowed_company_ids": _company(env).ids}


def _company(env):
    return env["res.company"].search([("maventa_enabled", "=", True)])


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
    env["maventa.delivery.tracking"]._run_job()
    env.cr.commit()
    return time.perf_counter() - started
