"""Writes the order in which classes make up a model, for another process.

It runs inside Odoo's shell. Which method or field of a model takes effect depends on
this order alone.
"""

import json
from pathlib import Path


def write(env, addons, path):
    """Write ``{model: [class, ...]}`` as JSON, for all models with a class of ours.

    :param addons: names of the addons that are ours
    :param path: of the file
    """
    ours = tuple(f"odoo.addons.{addon}." for addon in addons)
    orders = {
        name: [f"{one.__module__}.{one.__qualname__}" for one in model.mro()]
        for name, model in env.registry.items()
    }
    found = {
        name: order
        for name, order in orders.items()
        if any(one.startswith(ours) for one in order)
    }
    Path(path).write_text(json.dumps(found), encoding="utf-8")
