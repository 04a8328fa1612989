"""Fills the demo database; runs inside Odoo's shell."""

import json
import pathlib
from runpy import run_path

DEMO = pathlib.Path(__file__).resolve().parents[2] / "product" / "demo"


def prepare(env, order):
    """Make the three companies, and write down the ids that the stories need.

    :param order: path of a JSON file with ``settings`` of the simulator per addon,
        ``parameters`` of the system, and ``answer``, the path for the ids
    """
    order = json.loads(pathlib.Path(order).read_text(encoding="utf-8"))
    for key, value in order["parameters"].items():
        env["ir.config_parameter"].set_param(key, value)
    found = {}
    for addon, settings in order["settings"].items():
        script = run_path(str(DEMO / f"{addon}_data.py"))
        found[addon] = script["prepare"](env, settings)
    # It would contact Odoo's update server.
    env.ref("mail.ir_cron_module_update_notification").active = False
    env.cr.commit()
    answer = pathlib.Path(order["answer"])
    answer.write_text(json.dumps(found), encoding="utf-8")
