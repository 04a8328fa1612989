import json
from collections.abc import MutableMapping

from odoo import fields, models
from odoo.modules.registry import Registry
from odoo.tools import SQL

# One lock for the whole simulator: like the service, it does one thing at a time
# with one invoice. The number is arbitrary, but must be used for nothing else.
ADVISORY_LOCK = 0x4D617665


class MaventaSimulatorState(models.Model):
    """What the simulator of the environment "Demo" remembers."""

    _name = "maventa.simulator.state"
    _description = "Maventa Simulator State"
    _log_access = False

    key = fields.Char(required=True)
    value = fields.Json()

    _key_uniq = models.UniqueIndex("(key)")


class DatabaseStore:
    """The simulator's store in the database.

    Every visit has its own cursor and commits: a remote service does not roll back
    when we do.
    """

    def __init__(self, database):
        self._database = database
        self._cursors = []

    def __enter__(self):
        cursor = Registry(self._database).cursor()
        self._cursors.append(cursor)
        cursor.execute(SQL("SELECT pg_advisory_xact_lock(%s)", ADVISORY_LOCK))
        return _Rows(cursor)

    def __exit__(self, kind, *_exc_info):
        cursor = self._cursors.pop()
        try:
            if kind is None:
                cursor.commit()
        finally:
            cursor.close()


class _Rows(MutableMapping):
    """The table as a mapping from text to JSON values."""

    def __init__(self, cursor):
        self._cursor = cursor

    def _query(self, query):
        self._cursor.execute(query)
        return self._cursor.fetchall()

    def __getitem__(self, key):
        rows = self._query(
            SQL("SELECT value FROM maventa_simulator_state WHERE key = %s", key)
        )
        if not rows:
            raise KeyError(key)
        return rows[0][0]

    def __setitem__(self, key, value):
        self._cursor.execute(
            SQL(
                """
                INSERT INTO maventa_simulator_state (key, value) VALUES (%s, %s)
                ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
                """,
                key,
                json.dumps(value),
            )
        )

    def __delitem__(self, key):
        deleted = self._query(
            SQL("DELETE FROM maventa_simulator_state WHERE key = %s RETURNING id", key)
        )
        if not deleted:
            raise KeyError(key)

    def __iter__(self):
        rows = self._query(SQL("SELECT key FROM maventa_simulator_state ORDER BY id"))
        return iter([key for (key,) in rows])

    def __len__(self):
        return self._query(SQL("SELECT count(*) FROM maventa_simulator_state"))[0][0]
