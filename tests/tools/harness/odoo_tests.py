"""Runs Odoo's tests as ``python -m odoo`` does, in less time; run by its path.

After each test and each class Odoo empties all its caches, because what they did to the
database is undone. Here it empties those that they have invalidated, as Odoo does after
a transaction that failed: compiled views, templates and access rules stay. Classes
share what they would set up alike, see ``shared_set_up.py``.
"""

import gc
import runpy
from pathlib import Path

from odoo.cli.command import main
from odoo.orm.registry import _CACHES_BY_KEY, Registry
from odoo.tests.common import TransactionCase
from odoo.tools.translate import TranslationImporter

# Names of the caches that were invalidated, by whatever thread.
_in_class, _in_test = set(), set()

_clear_cache = Registry.clear_cache
_clear_all_caches = Registry.clear_all_caches
_set_up_class = TransactionCase.setUpClass.__func__
_set_up = TransactionCase.setUp
_save_terms = TranslationImporter.save


def clear_cache(registry, *names):
    """Note what is cleared."""
    _note(names or ("default",))
    _clear_cache(registry, *names)


def clear_all_caches(registry):
    """Note that everything is cleared."""
    _note(_CACHES_BY_KEY)
    _clear_all_caches(registry)


def save_terms(importer, *arguments, **options):
    """Note that terms of views and records change, which Odoo does not announce."""
    _note(_CACHES_BY_KEY)
    return _save_terms(importer, *arguments, **options)


def set_up_class(cls):
    """Prepare a class; its clean-up clears the caches that it has invalidated."""
    _in_class.clear()
    _in_class.add("default")  # it has all that depends on single records
    cls.addClassCleanup(lambda: vars(cls.registry).pop("clear_all_caches", None))
    _set_up_class(cls)
    cls.addClassCleanup(_clear_instead, cls.registry, _in_class)


def set_up(case):
    """Prepare a test; its clean-up clears the caches that it has invalidated."""
    _in_test.clear()
    _clear_instead(case.registry, _in_test)
    try:
        _set_up(case)
    finally:
        del case.registry.clear_all_caches


def _clear_instead(registry, invalidated):
    """Let what clears all caches of a registry clear the invalidated ones."""

    def clear():
        if invalidated:
            _clear_cache(registry, *invalidated)

    registry.clear_all_caches = clear


def _note(names):
    _in_class.update(names)
    _in_test.update(names)


if __name__ == "__main__":
    gc.set_threshold(20_000, 50, 100)  # there is little garbage in tests
    Registry.clear_cache = clear_cache
    Registry.clear_all_caches = clear_all_caches
    TransactionCase.setUpClass = classmethod(set_up_class)
    TransactionCase.setUp = set_up
    TranslationImporter.save = save_terms
    shared_set_up = runpy.run_path(str(Path(__file__).with_name("shared_set_up.py")))
    shared_set_up["SharedSetUp"](_in_class, _clear_cache).install()
    main()
