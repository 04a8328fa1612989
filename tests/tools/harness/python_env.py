"""The virtual environment: one lock file, checked by hashes."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from .paths import build_once
from .processes import output

LOCK = pathlib.Path(__file__).with_name("requirements.lock")
FAILED = "the Python packages could not be installed; is the network there?"


def provide(cache):
    """Build the environment unless it exists; return its Python's path."""
    key = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = build_once(cache / f"venv-{key}", "Python packages", _build)
    return folder / "bin" / "python"


def _build(folder):
    python = folder / "bin" / "python"
    # Settings of the user's shell must not change the place of the packages.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    if uv := shutil.which("uv"):
        command = [uv, "venv", "-q", "--allow-existing", "--python", sys.executable]
        output([*command, folder], FAILED, env=environment)
        command = [uv, "pip", "sync", "-q", "--require-hashes", "--python", python]
        output([*command, LOCK], FAILED, env=environment)
    else:
        output([sys.executable, "-m", "venv", folder], FAILED, env=environment)
        command = [python, "-m", "pip", "install", "-q", "--no-compile"]
        output([*command, "--require-hashes", "-r", LOCK], FAILED, env=environment)
        # On all cores. Some packages have files that no Python can compile.
        command = [python, "-m", "compileall", "-qq", "-j0", folder]
        subprocess.run(command, env=environment, check=False)
