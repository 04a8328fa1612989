"""Where the Demo environment's tax authority keeps its register."""

import json
from collections.abc import MutableMapping

from odoo import fields, models


class L10nPtAtcudSimulatorState(models.Model):
    _name = "l10n_pt_atcud.simulator.state"
    _description = "AT simulator: register of the Demo environment"

    key = fields.Char(required=True, readonly=True)
    value = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")


class DatabaseStore:
    """Keep a simulator's state in the database, for all workers and restarts.

    A remote service does not roll back with us, so every request has a cursor of its
    own; it commits what the service did even when the caller fails later.
    """

    def __init__(self, registry):
        self._registry = registry

    def __enter__(self):
        self._cursor = self._registry.cursor()
        # The first SELECT freezes what a transaction sees. An advisory lock is taken
        # by one, so who waited for it would work on the past; this takes no snapshot.
        self._cursor.execute(
            "LOCK TABLE l10n_pt_atcud_simulator_state IN EXCLUSIVE MODE"
        )
        return _State(self._cursor)

    def __exit__(self, error_type, *_exc_info):
        try:
            if error_type is None:
                self._cursor.commit()
        finally:
            self._cursor.close()


class _State(MutableMapping):
    """The rows of the table as a mapping of text to JSON values."""

    def __init__(self, cursor):
        self._cursor = cursor

    def __getitem__(self, key):
        self._cursor.execute(
            "SELECT value FROM l10n_pt_atcud_simulator_state WHERE key = %s", [key]
        )
        row = self._cursor.fetchone()
        if row is None:
            raise KeyError(key)
        return row[0]

    def __setitem__(self, key, value):
        self._cursor.execute(
            """
            INSERT INTO l10n_pt_atcud_simulator_state (key, value)
                 VALUES (%s, %s)
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
            """,
            [key, json.dumps(value)],
        )

    def __delitem__(self, key):
        self._cursor.execute(
            "DELETE FROM l10n_pt_atcud_simulator_state WHERE key = %s", [key]
        )
        if not self._cursor.rowcount:
            raise KeyError(key)

    def __iter__(self):
        self._cursor.execute("SELECT key FROM l10n_pt_atcud_simulator_state")
        return iter([key for (key,) in self._cursor.fetchall()])

    def __len__(self):
        self._cursor.execute("SELECT count(*) FROM l10n_pt_atcud_simulator_state")
        return self._cursor.fetchone()[0]

    def items(self):
        self._cursor.execute("SELECT key, value FROM l10n_pt_atcud_simulator_state")
        return self._cursor.fetchall()
