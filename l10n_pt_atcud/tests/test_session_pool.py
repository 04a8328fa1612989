"""One connection for all series of an action, and none left open."""

import pathlib
import tempfile
from unittest.mock import patch

from odoo.tests import tagged

from ..at_series.simulation import MemoryStore, serve
from ..at_series.simulator import Account, Simulator
from ..at_series.simulator.certificates import SandboxFiles
from ..services.session_pool import session_pool, pooled_session
from . import test_connection
from .common import USERNAME, AtcudCommon


class Line:
    """A session that knows whether it was closed."""

    is_closed = False

    def close(self):
        self.is_closed = True


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOpenLines(AtcudCommon):
    def test_all_series_of_an_action_share_a_context(self):
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

    def test_a_line_is_kept_for_what_it_depends_on_and_closed_at_the_end(self):
        with session_pool():
            line, is_kept = pooled_session(("a", 1), Line)
            self.assertTrue(is_kept)
            self.assertEqual(pooled_session(("a", 1), Line), (line, True))
            # another certificate, or another taxpayer
            other, _is_kept = pooled_session(("a", 2), Line)
            self.assertIsNot(other, line)
            self.assertFalse(line.is_closed)
        self.assertTrue(line.is_closed and other.is_closed)
        alone, is_kept = pooled_session(("a", 1), Line)
        self.assertFalse(is_kept)
        self.assertIsNot(alone, line)

    def test_what_goes_wrong_closes_them_too(self):
        try:
            with session_pool():
                line, _is_kept = pooled_session("a", Line)
                raise KeyError
        except KeyError:
            self.assertTrue(line.is_closed)
