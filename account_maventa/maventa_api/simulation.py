"""What a simulator of a remote service is made of, whichever service it plays.

The same text stands in the protocol package of each addon, because each addon
installs alone; a check on the repository keeps the copies equal.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server


class MemoryStore:
    """The state of a simulator as a dict, for one process.

    Every store is a context manager: inside ``with store as state:`` nobody else
    changes anything. ``state`` maps text to JSON values; a value is replaced by a
    new one and never changed in place, so that a database can keep it as well.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._state: dict[str, Any] = {}

    def __enter__(self) -> dict[str, Any]:
        self._lock.acquire()
        return self._state

    def __exit__(self, *_exc_info: object) -> None:
        self._lock.release()


class Faults:
    """The switches for what goes wrong on purpose.

    ``known`` are the names that the simulator understands.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self._left: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, name: str, times: int = 1) -> None:
        """Let the next ``times`` requests that can meet the fault meet it."""
        if name not in self.known:
            raise ValueError(f"unknown fault {name!r}; known: {sorted(self.known)}")
        with self._lock:
            self._left[name] += times

    def take(self, name: str) -> bool:
        """Tell whether this request meets the fault, and use the fault up."""
        if name not in self.known:
            raise ValueError(f"unknown fault {name!r}; known: {sorted(self.known)}")
        with self._lock:
            if self._left[name] <= 0:
                return False
            self._left[name] -= 1
            return True

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._left.clear()


class QuietHandler(WSGIRequestHandler):
    """Write no line per request; hang up when the application does."""

    def log(self, *_args: Any, **_kwargs: Any) -> None:
        pass

    def connection_dropped(
        self, error: BaseException, environ: dict[str, Any] | None = None
    ) -> None:
        self.close_connection = True


@contextmanager
def serve(
    application: Callable[..., Any],
    *,
    port: int = 0,
    ssl_context: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """Serve ``application`` on 127.0.0.1 in threads and yield its origin.

    ``port`` 0 takes a free one. An application that raises ``ConnectionError``
    hangs up without an answer.

    :raise OSError: the port is taken
    """
    scheme = "https" if ssl_context else "http"
    with socket.create_server(("127.0.0.1", port)) as listener:
        port = listener.getsockname()[1]
        server: Any = make_server(
            "127.0.0.1",
            port,
            application,
            threaded=True,
            request_handler=QuietHandler,
            ssl_context=ssl_context,
            fd=listener.fileno(),
        )
    server.daemon_threads = True
    thread = threading.Thread(  # a short interval, so that stopping takes no time
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
