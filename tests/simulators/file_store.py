"""A simulator's store in a file: what it remembers outlives the process."""

import json
import sqlite3
import threading
from collections.abc import MutableMapping


class FileStore:
    """Keep a simulator's state in an SQLite file; see ``MemoryStore`` for its use.

    :param path: of the file, which is made when it is not there
    """

    def __init__(self, path):
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT)"
        )

    def __enter__(self):
        self._lock.acquire()
        self._connection.execute("BEGIN IMMEDIATE")
        return _Rows(self._connection)

    def __exit__(self, error_type, *_exc_info):
        try:
            self._connection.execute("ROLLBACK" if error_type else "COMMIT")
        finally:
            self._lock.release()

    def close(self):
        """Close the file."""
        self._connection.close()


class _Rows(MutableMapping):
    """The rows as a mapping of text to JSON values, the oldest first."""

    def __init__(self, connection):
        self._connection = connection

    def __getitem__(self, key):
        query = "SELECT value FROM state WHERE key = ?"
        row = self._connection.execute(query, [key]).fetchone()
        if row is None:
            raise KeyError(key)
        return json.loads(row[0])

    def __setitem__(self, key, value):
        self._connection.execute(
            "INSERT INTO state (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, json.dumps(value)],
        )

    def __delitem__(self, key):
        delete = "DELETE FROM state WHERE key = ?"
        if not self._connection.execute(delete, [key]).rowcount:
            raise KeyError(key)

    def __iter__(self):
        query = "SELECT key FROM state ORDER BY rowid"
        return iter([key for (key,) in self._connection.execute(query).fetchall()])

    def __len__(self):
        return self._connection.execute("SELECT count(*) FROM state").fetchone()[0]
