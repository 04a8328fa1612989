"""Odoo repeats a request after a serialization failure; AT receives a change once."""

from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo.service import model as service_model
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import errorcodes
from psycopg2.errors import SerializationFailure

from ..at_series import lisbon_date
from ..at_series.simulator import Account
from .committed import CommittedCase
from .common import USERNAME

COMMITS = 4  # more than any of these calls makes


class Conflict(SerializationFailure):
    """What PostgreSQL raises when another transaction was faster."""

    pgcode = errorcodes.SERIALIZATION_FAILURE


@tagged("post_install", "-at_install", "post_install_l10n")
class TestRetriedRequests(CommittedCase):
    def setUp(self):
        super().setUp()
        self.commits_left = None
        no_waiting = patch.object(service_model.random, "uniform", lambda *_args: 0)
        no_waiting.start()
        self.addCleanup(no_waiting.stop)

    def commit(self, service):
        """Commit, or fail once where the test wants it."""
        if self.commits_left is not None:
            if not self.commits_left:
                self.commits_left = None
                service.env.cr.rollback()
                raise Conflict
            self.commits_left -= 1
        super().commit(service)

    @contextmanager
    def conflict(self, commits):
        """Let the commit after ``commits`` others fail."""
        self.commits_left = commits
        with mute_logger("odoo.service.model"):
            yield
        self.commits_left = None

    def request(self, model, ids, method, **options):
        """Call a button as a request does."""
        with self.registry.cursor() as cursor:
            env = self.environment(cursor)
            env = env(context={"allowed_company_ids": [self.company_id]})
            records = env[model].browse(ids)
            call = partial(getattr(records, method), **options)
            return service_model.retrying(call, env)

    def state(self, number):
        with self.registry.cursor() as cursor:
            return self.series(cursor, number).state

    def wizard(self, model, **values):
        with self.registry.cursor() as cursor:
            return self.environment(cursor)[model].create(values).ids

    def registered(self, identifier):
        number = self.make_series(identifier)
        self.request("l10n_pt_atcud.series", [number], "action_register")
        self.assertEqual(self.state(number), "registered")
        return number

    def test_registering_sends_one_registration(self):
        for method in ("action_register", "action_register_from_document"):
            for commits in range(COMMITS):
                with self.subTest(method, commits=commits), self.conflict(commits):
                    number = self.make_series(f"{method[-8:-1]}{commits}")
                    before = self.calls().get("registarSerie", 0)
                    self.request("l10n_pt_atcud.series", [number], method)
                    self.assertEqual(self.state(number), "registered")
                    self.assertEqual(self.calls()["registarSerie"] - before, 1)

    def close(self, closing, **values):
        """Close a series in the dialog, for each commit that may fail.

        :return: the states of the series
        """
        states = set()
        for commits in range(COMMITS):
            number = self.registered(f"{closing}{commits}")
            wizard = self.wizard(
                "l10n_pt_atcud.series.close",
                series_id=number,
                closing=closing,
                **values,
            )
            with self.conflict(commits):
                self.request("l10n_pt_atcud.series.close", wizard, "action_confirm")
            states.add(self.state(number))
        return states

    def test_annulling_sends_one_annulment(self):
        self.assertEqual(self.close("annul", declaration=True), {"annulled"})
        self.assertEqual(self.calls()["anularSerie"], COMMITS)

    def test_finalising_sends_one_finalisation(self):
        self.assertEqual(self.close("finalise", last_number=9), {"finalised"})
        self.assertEqual(self.calls()["finalizarSerie"], COMMITS)

    def test_a_wrong_password_is_sent_once_in_a_check(self):
        self.simulator.accounts = {USERNAME: Account("right")}
        with self.conflict(3):  # when the state of the connection is committed
            self.request(
                "l10n_pt_atcud.connection", [self.connection_id], "action_check"
            )
        self.assertEqual(self.calls(), {"consultarSeries": 1})
        with self.registry.cursor() as cursor:
            connection = self.environment(cursor)["l10n_pt_atcud.connection"]
            connection = connection.browse(self.connection_id)
            self.assertEqual(connection.refusal["tries_left"], 4)

    def test_nothing_is_sent_before_a_conflict(self):
        number = self.make_series("N")
        self.simulator.accounts = {USERNAME: Account("right")}
        wizard = self.wizard(
            "l10n_pt_atcud.series.code",
            series_id=number,
            validation_code="JFTX7RK9",
            registered_on=lisbon_date(),
        )
        with self.conflict(0):
            self.request("l10n_pt_atcud.series.code", wizard, "action_confirm")
        self.assertEqual(self.calls(), {"consultarSeries": 1})

    def test_the_nightly_job_sends_one_registration(self):
        number = self.make_series("J")
        self.simulator.faults.add("drop_before")
        self.request("l10n_pt_atcud.series", [number], "action_register")
        self.assertEqual(self.state(number), "pending")
        before = self.calls()["registarSerie"]

        def compare(env):
            connection = env["l10n_pt_atcud.connection"].browse(self.connection_id)
            env["l10n_pt_atcud.nightly_check"].compare(connection)

        for commits in (0, 1, 2, 3):
            with self.conflict(commits), self.registry.cursor() as cursor:
                env = self.environment(cursor)
                service_model.retrying(partial(compare, env), env)
        self.assertEqual(self.state(number), "registered")
        self.assertEqual(self.calls()["registarSerie"] - before, 1)
