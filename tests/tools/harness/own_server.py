"""A PostgreSQL that nobody else uses, with a small disk for its databases."""

import errno
import os
import pathlib
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from . import databases, postgres, processes
from .console import Problem
from .toolchain import Toolchain

DISK = "small_disk"  # the tablespace
SIZE = "600m"  # a database, and what a measure adds to it
CHUNK = bytes(1 << 20)


@dataclass(frozen=True)
class OwnServer:
    """``toolchain``: with this server; ``disk``: the folder of the small disk."""

    toolchain: Toolchain
    disk: pathlib.Path

    def restart(self):
        """Stop the server and start it again."""
        postgres.restart(self.toolchain.cluster)

    @contextmanager
    def full_disk(self):
        """Let nothing be added to the databases during the block."""
        filler = self.disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(CHUNK):
                pass
        if os.statvfs(self.disk).f_bavail:
            raise Problem(f"{self.disk} could not be filled")
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def serving(toolchain):
    """Run a server of our own during the block; yield an :class:`OwnServer`.

    :raise Problem: the small disk needs the rights of root
    """
    programs = pathlib.Path(toolchain.programs)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        root.chmod(0o755)
        with _small_disk(root / "disk") as disk:
            try:
                with postgres.serving(root, programs) as cluster:
                    own = replace(toolchain, socket=str(cluster.socket))
                    own.cluster.psql(f"CREATE TABLESPACE {DISK} LOCATION '{disk}/data'")
                    _copy_template(toolchain, own)
                    yield OwnServer(own, disk)
            finally:
                postgres.remove(root, programs)


def _copy_template(toolchain, own):
    """Copy the template database to a new server, which would take minutes to make it.

    :param own: the :class:`Toolchain` with the new server
    """
    name = databases.template(toolchain)
    own.cluster.psql(f'CREATE DATABASE "{name}"')
    with tempfile.NamedTemporaryFile() as file:
        dump = [f"{toolchain.programs}/pg_dump", "-h", toolchain.socket]
        restore = [f"{toolchain.programs}/psql", "-XqbAt", "-h", own.socket]
        for command in ([*dump, "-f", file.name], [*restore, "-f", file.name]):
            processes.output(
                [*command, "-U", postgres.USER, "-d", name],
                "the template database could not be copied",
                env=postgres.clean_environment(),
            )


@contextmanager
def _small_disk(folder):
    """Mount a disk of ``SIZE`` in memory during the block; yield its folder."""
    if os.geteuid():
        raise Problem("this measure mounts a small disk, for which it has to be root")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder]
    if subprocess.run(mount, check=False).returncode:
        raise Problem(f"a small disk cannot be mounted ({os.strerror(errno.EPERM)})")
    try:
        data = folder / "data"
        data.mkdir(mode=0o700)
        subprocess.run(["chown", "postgres:", data], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
