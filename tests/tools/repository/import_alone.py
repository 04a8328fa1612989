"""Import a package and all its modules from a folder, with ``odoo`` out of reach.

Run as a program of its own, ``python -I import_alone.py FOLDER``, it sees third-party
packages and nothing of this repository but FOLDER. It prints what it imported.
"""

import importlib.util
import pathlib
import pkgutil
import subprocess
import sys


class OutOfReach:
    """An import hook that refuses ``odoo``."""

    @staticmethod
    def find_spec(name, _path=None, _target=None):
        """Refuse ``odoo`` and what is in it; leave all else to the other hooks."""
        if name.partition(".")[0] == "odoo":
            raise ImportError(f"{name} must not be imported here")


def import_alone(folder):
    """Import the package in ``folder`` in a process of its own.

    :return: the finished process; its output is the modules' names, one on a line
    """
    command = [sys.executable, "-I", __file__, str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


def main(folder):
    """Import the package in ``folder`` under the folder's name, then its modules."""
    sys.meta_path.insert(0, OutOfReach)
    path = pathlib.Path(folder)
    spec = importlib.util.spec_from_file_location(
        path.name, path / "__init__.py", submodule_search_locations=[folder]
    )
    package = sys.modules[path.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    for module in pkgutil.walk_packages(package.__path__, f"{path.name}."):
        importlib.import_module(module.name)
        print(module.name)


if __name__ == "__main__":
    main(sys.argv[1])
