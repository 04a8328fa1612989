"""Lets classes of tests share what ``AccountTestInvoicingCommon`` makes.

Users, accounts, taxes and products are most of a class's set-up. Here the first class
makes them and sets a savepoint; each class after it that would make the same goes on
from there, in the same transaction. What a class makes itself is undone at its end, as
ever. The clock of a transaction stands still, so none is used for long.
"""

import sys
import time
from collections import deque
from copy import deepcopy
from inspect import getattr_static
from unittest.mock import patch

from odoo.modules.registry import Registry
from odoo.orm.environments import reset_cached_properties
from odoo.sql_db import Savepoint
from odoo.tests.common import HttpCase, TransactionCase, get_db_name
from odoo.tests.suite import OdooSuite, TestSuite

COMMON = "odoo.addons.account.tests.common"
LONGEST = 20  # seconds after which no class goes on in the transaction


class SharedSetUp:
    """Patches Odoo's tests.

    :param invalidated: names of the caches that the class has invalidated so far
    :param clear_cache: clears caches of a registry, by their names
    """

    def __init__(self, invalidated, clear_cache):
        self._invalidated = invalidated
        self._clear_cache = clear_cache
        self._run = TestSuite.run
        self._handle = OdooSuite._handleClassSetUp
        self._open = TransactionCase.setUpClass.__func__
        self._base = self._make = None  # Odoo's class, and what makes its records
        self._shared = None

    def install(self):
        """Replace methods of Odoo's classes."""
        OdooSuite.run = lambda suite, *args: self._run_suite(suite, *args)
        OdooSuite._handleClassSetUp = lambda *args: self._begin_class(*args)
        TransactionCase.setUpClass = classmethod(lambda cls: self._open_cursor(cls))

    def _run_suite(self, suite, *args):
        module = sys.modules.get(COMMON)
        if module and not self._base:
            self._base = module.AccountTestInvoicingCommon
            self._make = self._base.setUpClass.__func__
            self._base.setUpClass = classmethod(lambda cls: self._set_up(cls))
        try:
            return self._run(suite, *args)
        finally:
            self._end()

    def _begin_class(self, suite, test, result):
        """End the transaction before a class that has one of its own."""
        cls = type(test)
        if cls != result._previousTestClass and not self._may_share(cls):
            self._end()
        return self._handle(suite, test, result)

    def _may_share(self, cls):
        is_common = self._base and issubclass(cls, self._base)
        return is_common and not issubclass(cls, HttpCase) and not cls.freeze_time

    def _set_up(self, cls):
        """Make the base's records, or take those that an earlier class has made."""
        if not self._may_share(cls):
            return self._make(cls)
        key = self._key(cls)
        if self._shared and not self._shared.suits(key):
            self._end()
        before = {**vars(cls)}
        if self._shared:
            TransactionCase.setUpClass.__func__(cls)
            return self._shared.give(cls, _changed(cls, before))
        self._shared = _Shared(key)
        self._make(cls)
        return self._shared.keep(cls, _changed(cls, before), self._invalidated)

    def _key(self, cls):
        """Return what decides on the records: the country, and overridden methods."""
        order, base = cls.mro(), self._base.mro()
        parts = base[: base.index(TransactionCase)]
        names = {name for part in parts for name in vars(part)} - {"setUpClass"}
        found = {name: getattr_static(cls, name) for name in names}
        methods = {k: v for k, v in found.items() if isinstance(v, classmethod)}
        country = (cls.country_code, cls.chart_template)
        return order[order.index(self._base) :], country, methods

    def _open_cursor(self, cls):
        """Open a transaction as Odoo does, or go on in the shared one."""
        if not self._shared:
            return self._open(cls)
        registry = Registry(get_db_name())
        cursor = self._shared.cursor(registry)
        with patch.object(registry, "cursor", lambda: cursor):
            return self._open(cls)

    def _end(self):
        """End the transaction, and clear what is cached of it."""
        if shared := self._shared:
            self._shared = None
            shared.close()
            registry = Registry(get_db_name())
            self._clear_cache(registry, *shared.invalidated)
            registry.cache_invalidated.clear()


class _Shared:
    """A transaction, and the attributes of classes with records that it has made."""

    def __init__(self, key):
        self.invalidated = {"default"}
        self._key = key
        self._started = time.monotonic()
        self._cursor = self._savepoint = None

    def suits(self, key):
        """Tell whether a class may go on here."""
        is_young = time.monotonic() - self._started < LONGEST
        return self._savepoint and is_young and self._key == key

    def cursor(self, registry):
        """Return the cursor; a class that closes it goes back to the savepoint."""
        if not self._cursor:
            self._cursor = registry.cursor()
            self._close = self._cursor.close
            self._cursor.close = self._go_back
        return self._cursor

    def keep(self, cls, names, invalidated):
        """Remember attributes of the class, now that the records are made."""
        cls.env.flush_all()
        self.invalidated |= invalidated
        self._attributes = {name: _copy(vars(cls)[name]) for name in names}
        self._envs = [*self._cursor.transaction.envs]
        self._callbacks = [
            (callbacks, deque(callbacks._funcs), deepcopy(callbacks.data))
            for callbacks in _callbacks(self._cursor)
        ]
        self._savepoint = Savepoint(self._cursor)

    def give(self, cls, own):
        """Let another class have the same, but what is its own."""
        for name in self._attributes.keys() - (own - {"env"}):
            setattr(cls, name, _copy(self._attributes[name]))

    def _go_back(self):
        """Undo what a class has done; if that fails, no other class goes on here."""
        savepoint, self._savepoint = self._savepoint, None
        self._cursor.clear()
        if savepoint:
            savepoint.rollback()
            self._cursor.transaction.envs.clear()
            self._cursor.transaction.envs.update(self._envs)
            for callbacks, functions, data in self._callbacks:
                callbacks._funcs, callbacks.data = deque(functions), deepcopy(data)
            for env in self._envs:
                reset_cached_properties(env)
            self._savepoint = savepoint

    def close(self):
        """End the transaction."""
        if self._cursor:
            self._cursor.close = self._close
            self._cursor.close()


def _changed(cls, before):
    """Return the names of the attributes that were set since."""
    return {
        name
        for name, value in vars(cls).items()
        if name not in before or before[name] is not value
    }


def _copy(value):
    """Return a class's own copy of what it could change."""
    return value.copy() if isinstance(value, dict) else value


def _callbacks(cursor):
    return (
        cursor.precommit,
        cursor.postcommit,
        cursor.prerollback,
        cursor.postrollback,
    )
