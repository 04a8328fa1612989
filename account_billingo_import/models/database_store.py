"""A simulator's store in the database: it survives restarts and serves all workers.

The same text stands in each addon that has a simulator, because each addon installs
alone; a check on the repository keeps the copies equal.
"""

import json
from collections.abc import MutableMapping

from odoo.tools import SQL


class DatabaseStore:
    """Keep the state of a simulator in a table, apart from the caller's transaction.

    A remote service does not roll back with us, so every request has a cursor of its
    own; it commits what the service did even when the caller fails later.

    :param registry: of the database
    :param table: has the columns ``key`` (text, unique) and ``value`` (jsonb)
    :param prefix: keeps the keys of one account apart from those of others
    """

    def __init__(self, registry, table, prefix=""):
        self._registry = registry
        self._table = table
        self._prefix = prefix
        self._cursor = None

    def __enter__(self):
        self._cursor = self._registry.cursor()
        table = SQL.identifier(self._table)
        # The first SELECT freezes what a transaction sees. An advisory lock is taken
        # by one, so who waited for it would work on the past; this takes no snapshot.
        self._cursor.execute(SQL("LOCK TABLE %s IN EXCLUSIVE MODE", table))
        return _Rows(self._cursor, table, self._prefix)

    def __exit__(self, error_type, *_exc_info):
        cursor, self._cursor = self._cursor, None
        try:
            if error_type is None:
                cursor.commit()
        finally:
            cursor.close()


class _Rows(MutableMapping):
    """The rows of the table as a mapping of text to JSON values."""

    def __init__(self, cursor, table, prefix):
        self._cursor = cursor
        self._table = table
        self._prefix = prefix

    def _query(self, text, *values):
        self._cursor.execute(SQL(text, self._table, *values))
        return self._cursor.fetchall()

    def __getitem__(self, key):
        rows = self._query("SELECT value FROM %s WHERE key = %s", self._prefix + key)
        if not rows:
            raise KeyError(key)
        return rows[0][0]

    def __setitem__(self, key, value):
        self._query(
            """
            INSERT INTO %s (key, value) VALUES (%s, %s)
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value RETURNING id
            """,
            self._prefix + key,
            json.dumps(value),
        )

    def __delitem__(self, key):
        deleted = "DELETE FROM %s WHERE key = %s RETURNING id"
        if not self._query(deleted, self._prefix + key):
            raise KeyError(key)

    def __iter__(self):
        query = "SELECT key FROM %s WHERE starts_with(key, %s) ORDER BY id"
        rows = self._query(query, self._prefix)
        return iter([key.removeprefix(self._prefix) for (key,) in rows])

    def __len__(self):
        return sum(1 for _key in self)

    def items(self):
        """Return all pairs at once, the oldest first."""
        rows = self._query(
            "SELECT key, value FROM %s WHERE starts_with(key, %s) ORDER BY id",
            self._prefix,
        )
        return [(key[len(self._prefix) :], value) for key, value in rows]
