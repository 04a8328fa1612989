"""The official rules in a process of their own.

SaxonC reserves more address space than servers allow their workers (``RLIMIT_AS``), and
ends the process that it cannot start in. Here it ends a child alone, which also bounds
the time that a document may take. The child goes when it is idle, or its parent ends.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from .official_rules import (
    CheckFailedError,
    Finding,
    OfficialRules,
    RuleFile,
    RuleKind,
    RulesError,
    RuleSeverity,
    RulesProblem,
)

COMMAND = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from maventa_api.rules_process import serve; serve()"
)
SECONDS = 60.0  # for one document, and for compiling the rules
IDLE_SECONDS = 300.0
LENGTH = 8  # bytes before each message
STARTING = "starting"


class RulesProcess:
    """Checks documents as :class:`OfficialRules` does. Not for several threads.

    :param files: the rule files
    :param seconds: how long an answer may take
    """

    def __init__(
        self, files: tuple[RuleFile, ...], *, seconds: float = SECONDS
    ) -> None:
        self._files, self._seconds = files, seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RulesProcess:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def check(self, document: bytes) -> tuple[Finding, ...]:
        """Return the rules that a document breaks; nothing if it is valid.

        :raise RulesError: a rule file cannot be used
        :raise CheckFailedError: the rules gave no answer, or not in time
        """
        self.start()
        answer = self._ask({"document": _encoded(document)})
        return tuple(
            Finding(**row | {"severity": RuleSeverity(row["severity"])})
            for row in answer["findings"]
        )

    def start(self) -> None:
        """Compile the rules, unless they are.

        :raise RulesError: a rule file cannot be used
        """
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        folder = str(Path(__file__).resolve().parents[1])
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", COMMAND, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        files = [
            {
                "name": file.name,
                "content": _encoded(file.content),
                "kind": file.kind.value,
                "document": file.document,
                "is_main": file.is_main,
            }
            for file in self._files
        ]
        self._ask({"files": files})

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.kill()
        child.wait()

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise CheckFailedError("the rules have no process")
        try:
            _write(child.stdin, message)
            answer = _read(child.stdout, self._seconds)
        except (OSError, ValueError) as error:
            self.close()
            raise CheckFailedError(f"the rules ended: {error}") from error
        if problem := answer.get("problem"):
            self.close()
            names = (answer["name"], answer["detail"])
            raise RulesError(RulesProblem(problem), *names)
        if failure := answer.get("failure"):
            raise CheckFailedError(failure)
        return answer


# === THE CHILD === #


def serve() -> None:
    """Answer on the standard streams until they close, or nobody asks any more."""
    _lift_limit()
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print
    rules: OfficialRules | None = None
    while True:
        try:
            message = _read(incoming, IDLE_SECONDS)
        except (OSError, ValueError):
            return
        answer, made = _answer(rules, message)
        rules = made or rules
        _write(outgoing, answer)


def _lift_limit() -> None:
    with contextlib.suppress(ImportError):  # not on every system
        resource = importlib.import_module("resource")
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _answer(
    rules: OfficialRules | None, message: dict[str, Any]
) -> tuple[dict[str, Any], OfficialRules | None]:
    """Return the answer to a message, and the rules if it brought some."""
    try:
        if "files" in message:
            return {}, OfficialRules(tuple(map(_file, message["files"])))
        if rules is None:
            return {"failure": STARTING}, None
        found = rules.check(base64.b64decode(message["document"]))
    except RulesError as error:
        values = {"name": error.name, "detail": error.detail}
        return {"problem": error.problem.value, **values}, None
    except CheckFailedError as error:
        return {"failure": str(error) or "no answer"}, None
    return {"findings": [row.__dict__ for row in found]}, None


def _file(values: dict[str, Any]) -> RuleFile:
    return RuleFile(
        values["name"],
        base64.b64decode(values["content"]),
        RuleKind(values["kind"]),
        values["document"],
        values["is_main"],
    )


# === MESSAGES === #


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _write(stream: BinaryIO | Any, message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    stream.write(len(body).to_bytes(LENGTH, "big") + body)
    stream.flush()


def _read(stream: BinaryIO | Any, seconds: float) -> dict[str, Any]:
    """Return the next message.

    :raise OSError: it does not come in time, or the other side is gone
    """
    deadline = time.monotonic() + seconds
    head = _take(stream, LENGTH, deadline)
    body = _take(stream, int.from_bytes(head, "big"), deadline)
    read: dict[str, Any] = json.loads(body)
    return read


def _take(stream: BinaryIO | Any, count: int, deadline: float) -> bytes:
    parts, missing = [], count
    while missing:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream.fileno()], [], [], left)[0]:
            raise TimeoutError("no answer in time")
        part = os.read(stream.fileno(), min(missing, 1 << 20))
        if not part:
            raise BrokenPipeError("no answer")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
