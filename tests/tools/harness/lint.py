"""The static checks, each reported like a test: ``python -m harness.lint [CHECK ...]``.

Run in the repository's root by the Python that has the tools. All their settings
are in ``setup.cfg``; ruff does not read that file, so its section is passed on here.
"""

import configparser
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec

from .console import still_running

SETTINGS = "setup.cfg"
OWN_VARIABLES = ("MYPY", "PYTHON", "PYLINT", "RUFF_", "OCA_HOOKS_")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SHEBANG = re.compile(rb"#!.*\bpython")


@dataclass(frozen=True)
class Tool:
    """One program: the module that starts it, its options, and the files it checks."""

    name: str
    module: str
    options: list
    targets: list


def main(arguments=()):
    """Run the tools and print their findings; return 1 when there are any.

    :param arguments: names of the wanted checks, without any all are run; ``--fix``
        lets ruff repair what it can
    """
    root = pathlib.Path.cwd()
    names = [name for name in arguments if name != "--fix"]
    known = {tool.name: tool for tool in list_tools(root, len(names) < len(arguments))}
    if unknown := set(names) - known.keys():
        print(f"no check {min(unknown)!r}; there are {', '.join(known)}")
        return 2
    failed = 0
    tools = [known[name] for name in names or known]
    with ThreadPoolExecutor(len(tools)) as pool, still_running("lint"):
        runs = {pool.submit(_timed, tool, root): tool for tool in tools}
        print(f"started: {', '.join(tool.name for tool in tools)}", flush=True)
        for run in as_completed(runs):
            findings, seconds = run.result()
            failed += bool(findings)
            result = "FAILED" if findings else "PASSED"
            print(f"{result} {runs[run].name} ({seconds:.1f}s)")
            if findings:
                print(findings)
            sys.stdout.flush()
    print(f"{len(tools) - failed} passed, {failed} failed")
    return 1 if failed else 0


def list_tools(root, fix=False):
    """Return the tools with the files that each checks in ``root``, the quick first.

    :param fix: whether ruff repairs what it can
    """
    files = repository_files(root)
    python = [file for file in files if _is_python(root / file)]
    manifests = [file for file in files if fnmatch.fnmatch(file, "*/__manifest__.py")]
    addons = [os.path.dirname(file) for file in manifests]
    protocols = [
        os.path.dirname(file)
        for file in files
        if file.count("/") == 2 and os.path.basename(file) == "client.py"
    ]
    # The PO checks shorten a relative path in ways that _trim cannot undo.
    terms = [str(root / file) for file in files if file.endswith((".po", ".pot"))]
    check, layout = _ruff_options(root, fix)
    oca = ["--config", SETTINGS]
    return [
        Tool("ruff-check", "ruff", check, python),
        Tool("ruff-format", "ruff", layout, python),
        Tool("oca-addons", "oca_pre_commit_hooks", oca, manifests),
        Tool("oca-translations", "oca_pre_commit_hooks.cli_po", oca, terms),
        Tool("mypy", "mypy", ["--config-file", SETTINGS], protocols),
        Tool("pylint-odoo", "pylint", ["--rcfile", SETTINGS], addons),
    ]


def _ruff_options(root, fix):
    """Return the arguments of ``ruff check`` and ``ruff format``, from setup.cfg."""
    settings = configparser.ConfigParser()
    settings.read(root / SETTINGS, encoding="utf-8")
    section = settings["ruff"]
    common = ["--isolated", "--no-cache"]
    for key in ("line-length", "target-version"):
        common += [f"--{key}", section[key]]
    check = ["check", *common, "--select", section["select"], "--output-format=concise"]
    for line in section["per-file-ignores"].split():
        check += ["--per-file-ignores", line]
    if fix:
        return [*check, "--fix"], ["format", "--quiet", *common]
    return check, ["format", "--check", *common]


def repository_files(root):
    """Return the paths, relative to ``root``, of the files that belong to it.

    Those that are not committed yet are among them. Without git they are all files
    but those that .gitignore names.
    """
    names = _git_files(root) if (root / ".git").exists() else None
    if names is None:
        names = _walk(root)
    return sorted(name for name in names if (root / name).is_file())


def _git_files(root):
    """Return what git knows or would add; None when it does not answer."""
    command = ["git", "--git-dir=.git", "ls-files", "-z", "--cached", "--others"]
    command.append("--exclude-standard")
    try:
        done = subprocess.run(command, cwd=root, capture_output=True)
    except FileNotFoundError:
        return None
    if done.returncode:
        return None
    return set(os.fsdecode(done.stdout).split("\0")) - {""}


def _walk(root):
    ignore = root / ".gitignore"
    lines = ignore.read_text(encoding="utf-8").split() if ignore.exists() else []
    patterns = [".git", *(line.rstrip("/") for line in lines)]
    names = []
    for folder, folders, files in os.walk(root):
        place = os.path.relpath(folder, root)
        folders[:] = [x for x in folders if not _ignored(place, x, patterns)]
        kept = [x for x in files if not _ignored(place, x, patterns)]
        names += [os.path.normpath(os.path.join(place, name)) for name in kept]
    return names


def _ignored(place, name, patterns):
    """Tell whether a pattern names this entry; one with a leading / means the top."""
    path = os.path.normpath(os.path.join("/", place, name))
    return any(
        fnmatch.fnmatch(path if pattern.startswith("/") else name, pattern)
        for pattern in patterns
    )


def _is_python(path):
    if path.suffix:
        return path.suffix == ".py"
    with path.open("rb") as file:
        return bool(SHEBANG.match(file.readline(200)))


def _timed(tool, root):
    started = time.monotonic()
    return findings_of(tool, root), time.monotonic() - started


def findings_of(tool, root):
    """Run ``tool`` and return its findings as text; empty when it passed."""
    if not tool.targets:
        return f"{tool.name} found no file to check"
    if not find_spec(tool.module.partition(".")[0]):
        return f"{tool.name} cannot be started: {sys.executable} has no {tool.module}"
    command = [sys.executable, "-m", tool.module, *tool.options, *tool.targets]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return f"{tool.name} cannot be started: {error}"
    if not done.returncode:
        return ""
    text = _trim(done.stdout.decode("utf-8", "replace"), root)
    return text or f"{tool.name} ended with status {done.returncode} and no output"


def _environment():
    """Return this process's environment without what would change a tool's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OWN_VARIABLES)}
    return kept | {
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def _trim(text, root):
    """Return ``text`` without colours, headings and blank lines, with relative paths.

    Without git, the OCA checks give paths from the file system's root, less the slash.
    """
    text = COLOURS.sub("", text).replace(f"{root}/", "").replace(f"{root}/"[1:], "")
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(x for x in lines if x and not x.startswith("*****"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
