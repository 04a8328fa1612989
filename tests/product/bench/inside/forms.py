"""Requests of forms, with what the addons add to the model "base" and without it."""

import gc
import pathlib
import statistics
import time
from contextlib import ExitStack
from importlib import import_module
from runpy import run_path
from unittest.mock import patch

from odoo import Command
from odoo.tests import Form

PORTUGAL = run_path(str(pathlib.Path(__file__).with_name("portugal.py")))
ADDONS = ("account_billingo_import", "account_maventa", "l10n_pt_atcud")
GUARDED = ("default_get", "onchange")
LINES = 20


def forms(env, rounds):
    """Return for each request its median seconds with the guards and without them.

    Seconds of this process alone: what else the machine does is no cost of the guards.
    """
    company = PORTUGAL["company"](env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    found = {}
    for what, request in _requests(env).items():
        request()  # what is loaded once
        taken = {True: [], False: []}
        gc.disable()
        for number in range(2 * rounds):
            # Whoever is second may find a warmer machine: take turns at that, too.
            has_guards = number % 4 in (0, 3)
            env.invalidate_all()
            with ExitStack() as stack:
                if not has_guards:
                    _without_guards(stack)
                started = time.process_time()
                request()
                taken[has_guards].append(time.process_time() - started)
        gc.enable()
        found[what] = [statistics.median(taken[x]) for x in (True, False)]
    env.cr.rollback()
    return found


def _requests(env):
    """Return what the web client asks: of new forms, and of an order with lines."""
    product = env["product.product"].create({"name": "Azulejo", "list_price": 12.5})
    partner = env["res.partner"].create({"name": "Construções do Douro SA"})
    line = {"product_id": product.id}
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [Command.create(line) for _number in range(LINES)],
        }
    )
    env.flush_all()
    form = Form(order)
    form.note = "x"
    values, spec = form._get_onchange_values(), form._view["fields_spec"]
    lines = [[0, f"virtual_{x}", dict(line)] for x in range(LINES)]
    values = {**values, "partner_id": partner.id, "order_line": lines}
    requests = {
        f"order with {LINES} lines": lambda: env["sale.order"].onchange(
            values, ["partner_id"], spec
        )
    }
    for model in ("sale.order", "product.template", "res.partner", "account.move"):
        fields = Form(env[model])._view["fields_spec"]
        requests[f"new {model}"] = lambda model=env[model], fields=fields: (
            model.onchange({}, [], fields)
        )
    names = [*env["res.partner"]._fields]
    requests["defaults of a partner"] = lambda: env["res.partner"].default_get(names)
    return requests


def _without_guards(stack):
    """Let each addon pass the requests on to Odoo."""
    for addon in ADDONS:
        base = import_module(f"odoo.addons.{addon}.guards").Base
        for name in GUARDED:
            stack.enter_context(patch.object(base, name, _passing(base, name)))


def _passing(base, name):
    def passing(self, *args):
        return getattr(super(base, self), name)(*args)

    passing._api_model = True
    return passing
