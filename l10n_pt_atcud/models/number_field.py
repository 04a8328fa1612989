"""Integers that a person enters: too large ones are refused in words."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import formatLang

# Below the largest integer of the database, with room to count on.
LARGEST = 2_000_000_000


class EnteredNumber(fields.Integer):
    """An integer column that refuses what the database could not keep."""

    def convert_to_column(self, value, record, values=None, validate=True):
        self._check_size(value, record)
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if validate:
            self._check_size(value, record)
        return super().convert_to_cache(value, record, validate)

    def _check_size(self, value, record):
        """Raise when a number is too large.

        :raise UserError: with the name of the field
        """
        if isinstance(value, int) and abs(value) > LARGEST:
            raise UserError(
                record.env._(
                    "“%(field)s” is at most %(limit)s.",
                    field=self._description_string(record.env),
                    limit=formatLang(record.env, LARGEST, digits=0),
                )
            )
