"""One addon's own tests, run by Odoo."""

import ast
import hashlib
import os
from dataclasses import replace

from . import databases, odoo_log
from .paths import ROOT


class OdooSuite:
    """The tests of ``addon`` that the test tags name.

    :param run: calls a command in an environment; returns its status and its log
    :param folder: for screenshots and PDFs
    """

    def __init__(self, toolchain, addon, tags, run, folder):
        self._toolchain = toolchain
        self._addon = addon
        self._tags = tags
        self._run = run
        self._folder = folder

    def fresh(self):
        """Install the addon in a new copy of the template, and run the tests there.

        :return: the number of passed tests, and failures
        """
        database = f"test_{os.getpid()}_{self._folder.name}"
        databases.copy(self._toolchain, database)
        try:
            verdict = self._judge(database, "-i", self._addon)
            return verdict.passed, verdict.failures
        finally:
            databases.drop(self._toolchain, database)

    def again(self):
        """Run the tests in the database of the last time: for the quick loop.

        Tests undo what they do. It is made anew when more than tests and the bodies of
        functions changed: then fields, views or data may be others.
        """
        place = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
        database = f"loop_{place}_{self._addon}"
        content = f"{databases.template(self._toolchain)} {self._content()}"
        options = ()
        if databases.recorded_content(self._toolchain, database) != content:
            databases.copy(self._toolchain, database)
            options = ("-i", self._addon)
        verdict = self._judge(database, *options)
        if verdict.finished:
            databases.record_content(self._toolchain, database, content)
        return verdict.passed, verdict.failures

    def _judge(self, database, *options):
        arguments = (self._run, database, self._tags, self._folder)
        return judge(self._toolchain, *arguments, *options)

    def _content(self):
        """Return a hash of all files that installing the addon depends on."""
        total = hashlib.sha256()
        for path in sorted((ROOT / self._addon).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and not {"tests", "__pycache__"} & set(parts):
                total.update(repr(parts).encode() + _without_bodies(path))
        return total.hexdigest()


def judge(toolchain, run, database, tags, folder, *options):
    """Run Odoo's tests; return an :class:`odoo_log.Verdict`.

    :param run: calls a command in an environment; returns its status and its log
    :param tags: Odoo's ``--test-tags``
    :param folder: for screenshots
    """
    command = toolchain.odoo_tests(
        *("-c", toolchain.configuration(), "-d", database, "-p", "0", *options),
        *("--skip-auto-install", "--stop-after-init"),
        *("--test-tags", tags, f"--screenshots={folder}"),
        # On 3.11 the pinned Werkzeug warns of Python's own changes.
        "--log-handler=py.warnings:ERROR",
    )
    status, text = run(command, toolchain.odoo_environment())
    verdict = odoo_log.read(text)
    if status and not verdict.failures:
        return replace(verdict, failures=(f"Odoo ended with status {status}",))
    return verdict


def _without_bodies(path):
    """Return a file's bytes; of Python, all but the bodies of functions."""
    if path.suffix != ".py":
        return path.read_bytes()
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = []
    return ast.dump(tree).encode()
