"""One session for all series of an action, closed at its end."""

import pathlib
import tempfile
from unittest.mock import patch

from odoo.tests import tagged

from ..at_series.simulation import MemoryStore, serve
from ..at_series.simulator import Account, Simulator
from ..at_series.simulator.certificates import SandboxFiles
from ..services.session_pool import pooled_session, session_pool
from . import test_connection
from .common import USERNAME, AtcudCommon


class Session:
    """A session that remembers whether it was closed."""

    is_closed = False

    def close(self):
        self.is_closed = True


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSessionPool(AtcudCommon):
    def test_all_series_of_an_action_share_a_context(self):
        self.use_environment("demo")
        series = self.env["l10n_pt_atcud.series"]
        contexts = []
        original = type(self.connection)._tls_context

        def count(connection, *arguments):
            contexts.append(original(connection, *arguments))
            return contexts[-1]

        with (
            tempfile.TemporaryDirectory() as folder,
            patch.object(type(self.connection), "_tls_context", count),
        ):
            files = SandboxFiles(pathlib.Path(folder))
            test_connection.TestConnection.connect(self, files)
            simulator = Simulator(
                MemoryStore(),
                {USERNAME: Account("Senha-ção-1")},
                cipher=(files.cipher_key(), files.certificate("cipher")),
            )
            authority = files.certificate("authority").decode()
            parameters = self.env["ir.config_parameter"].sudo()
            with serve(simulator, ssl_context=files.server_context()) as origin:
                url = origin.replace("127.0.0.1", "localhost")
                parameters.set_param("l10n_pt_atcud.simulator_url", url)
                parameters.set_param("l10n_pt_atcud.simulator_authority", authority)
                for identifier in "ABC":
                    series |= self.make_series(identifier)
                series.action_register()
                self.assertEqual(set(series.mapped("state")), {"registered"})
                self.assertEqual(len(contexts), 1)
                # The simulator refuses a key that it has seen.
                self.assertEqual(simulator.requests["registarSerie"], 3)
                self.register(self.make_series("D"))
                self.assertEqual(len(contexts), 2)

    def test_session_is_kept_by_key_and_closed_at_the_end(self):
        with session_pool():
            session, is_kept = pooled_session(("a", 1), Session)
            self.assertTrue(is_kept)
            self.assertEqual(pooled_session(("a", 1), Session), (session, True))
            # another certificate, or another taxpayer
            other, _is_kept = pooled_session(("a", 2), Session)
            self.assertIsNot(other, session)
            self.assertFalse(session.is_closed)
        self.assertTrue(session.is_closed and other.is_closed)
        alone, is_kept = pooled_session(("a", 1), Session)
        self.assertFalse(is_kept)
        self.assertIsNot(alone, session)

    def test_sessions_are_closed_after_an_exception(self):
        try:
            with session_pool():
                session, _is_kept = pooled_session("a", Session)
                raise KeyError
        except KeyError:
            self.assertTrue(session.is_closed)
