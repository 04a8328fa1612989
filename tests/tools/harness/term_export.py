"""Writes the translation templates of addons; runs inside Odoo's shell."""

from pathlib import Path

from odoo.tools.translate import trans_export


def write(env, addons, folder):
    """Write a template for each addon to a folder."""
    env = env(context={})
    for addon in addons:
        with Path(folder, f"{addon}.pot").open("wb") as file:
            trans_export(None, [addon], file, "po", env)
