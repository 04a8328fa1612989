"""Each user chooses which messages about Billingo to get."""

from odoo import fields, models

from ..guards import guarded

CHOICES = [
    ("followed", "From the connections that I follow"),
    ("all", "From all connections of my companies"),
    ("none", "None"),
]
# By the message subtype.
PREFERENCES = {
    "mt_connection_problem": "billingo_connection_messages",
    "mt_document_error": "billingo_document_messages",
}


@guarded()
class ResUsers(models.Model):
    _inherit = "res.users"

    billingo_connection_messages = fields.Selection(
        CHOICES,
        "Billingo: fetching stopped",
        default="followed",
        required=True,
        help="A connection was suspended, or Billingo has not answered for two days.",
    )
    billingo_document_messages = fields.Selection(
        CHOICES,
        "Billingo: document errors",
        default="followed",
        required=True,
        help="A document cannot be booked, was changed or deleted at Billingo, or a "
        "number is missing.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *PREFERENCES.values()]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *PREFERENCES.values()]
