import json
from collections.abc import MutableMapping

from odoo import fields, models
from odoo.tools import SQL


class BillingoSimulatorState(models.Model):
    _name = "billingo.simulator.state"
    _description = "What the simulated Billingo of Demo remembers"
    _log_access = False

    key = fields.Char(required=True)
    value = fields.Json()

    _key_uniq = models.Constraint("unique(key)", "One value per key.")


class DatabaseStore:
    """A simulator's state in this database, apart from the caller's transaction.

    A remote service does not forget when the caller rolls back: every request has
    a cursor of its own, and the requests of all workers stand in one queue.

    :param prefix: keeps the accounts of companies apart
    """

    def __init__(self, registry, prefix):
        self._registry = registry
        self._prefix = prefix
        self._cursor = None

    def __enter__(self):
        self._cursor = self._registry.cursor()
        self._cursor.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s))", "billingo.simulator.state"
            )
        )
        return _Rows(self._cursor, self._prefix)

    def __exit__(self, exc_type, *_exc_info):
        cursor, self._cursor = self._cursor, None
        with cursor:  # commits, or rolls back when an exception passes
            if exc_type:
                cursor.rollback()


class _Rows(MutableMapping):
    def __init__(self, cursor, prefix):
        self._cursor = cursor
        self._prefix = prefix

    def __getitem__(self, key):
        self._cursor.execute(
            SQL(
                "SELECT value FROM billingo_simulator_state WHERE key = %s",
                self._prefix + key,
            )
        )
        row = self._cursor.fetchone()
        if row is None:
            raise KeyError(key)
        return row[0]

    def __setitem__(self, key, value):
        self._cursor.execute(
            SQL(
                """
                INSERT INTO billingo_simulator_state (key, value) VALUES (%s, %s)
                ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
                """,
                self._prefix + key,
                json.dumps(value),
            )
        )

    def __delitem__(self, key):
        self._cursor.execute(
            SQL(
                "DELETE FROM billingo_simulator_state WHERE key = %s",
                self._prefix + key,
            )
        )
        if not self._cursor.rowcount:
            raise KeyError(key)

    def __iter__(self):
        self._cursor.execute(
            SQL(
                "SELECT key FROM billingo_simulator_state WHERE starts_with(key, %s)",
                self._prefix,
            )
        )
        return iter([row[0][len(self._prefix) :] for row in self._cursor.fetchall()])

    def __len__(self):
        return sum(1 for _key in self)
