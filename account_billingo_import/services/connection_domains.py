"""Domains of the connections that jobs use now."""

from odoo import fields
from odoo.fields import Domain


def working(path=""):
    """Return the domain of active connections of companies that are not archived.

    :param path: leads to the connection from the model that is searched, with a dot
    """
    return Domain(f"{path}state", "=", "active") & Domain(
        f"{path}company_id.active", "=", True
    )


def answering(path=""):
    """Return the domain of working connections that Billingo does not ask to wait.

    One after trouble is used again when its next fetch is due.
    """
    now = fields.Datetime.now()
    is_free = Domain(f"{path}wait_until", "=", False)
    is_free |= Domain(f"{path}wait_until", "<=", now)
    is_well = Domain(f"{path}failures", "=", 0)
    is_due = Domain(f"{path}next_fetch_at", "<=", now)
    return working(path) & is_free & (is_well | is_due)
