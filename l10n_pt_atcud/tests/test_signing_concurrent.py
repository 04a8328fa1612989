"""Two workers sign in one series at once: the chain stays whole."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from unittest import TestCase

from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import LockNotAvailable

from .common import NIF
from .signing import NUMBER, PEM
from .test_concurrent_posting import TestConcurrentPosting


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningConcurrent(TestConcurrentPosting):
    """The tests of posting at once, each with a signature on the one before."""

    allow_inherited_tests_method = True

    def make(self, env):
        super().make(env)
        company = env["res.company"].browse(self.company_id)
        company.l10n_pt_atcud_software_number = NUMBER
        company.l10n_pt_atcud_producer = "Olaria de Software Lda"
        signing = env["l10n_pt_atcud.signing"].create(
            {
                "company_id": company.id,
                "producer_vat": "PT502757191",
                "producer_address": "Lisboa",
                "method": "local",
            }
        )
        signing.key_ids.create({"signing_id": signing.id, "entered_private_key": PEM})
        signing.action_switch_on()
        self.signing_id = signing.id

    def remove(self):
        with self.registry.cursor() as cursor:
            heartbeat = self.env(cursor)["l10n_pt_atcud.heartbeat"]
            shutil.rmtree(heartbeat.folder(NIF))
        with self.registry.cursor() as cursor:
            for table, column in (
                ("l10n_pt_atcud_signing_key", "signing_id"),
                ("l10n_pt_atcud_signing", "id"),
            ):
                cursor.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        self.signing_id,
                    )
                )
        super().remove()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_batches_over_two_series_in_opposite_order(self):
        with self.registry.cursor() as cursor:
            env = self.env(cursor)
            moves = env["account.move"].browse(self.move_ids[:4])
            other = env["l10n_pt_atcud.series"].create(
                {"journal_id": moves.journal_id.id, "identifier": "OTHER"}
            )
            other.write({"state": "registered", "validation_code": "TGTHR236"})
            (moves[1] | moves[3]).l10n_pt_atcud_series_id = other
        start = threading.Barrier(2)
        with ThreadPoolExecutor(2) as workers:
            batches = [(0, 1), (3, 2)]
            work = [workers.submit(self.post_batch, start, *one) for one in batches]
            for done in work:
                done.result(timeout=60)
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(self.move_ids[:4])
            self.assertEqual(
                sorted(moves.mapped("name")),
                ["FT OTHER/1", "FT OTHER/2", "FT TOGETHER/1", "FT TOGETHER/2"],
            )
            self.assertEqual(self.breaks(cursor), [])

    def test_series_is_held_alone_before_it_gives_a_number(self):
        """Two who share the row and then both write it would block each other."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            moves = self.env(first)["account.move"].browse(self.move_ids[:1])
            moves._l10n_pt_atcud_check_posting()
            self.assertFalse(moves.l10n_pt_atcud_value)
            with (
                mute_logger("odoo.sql_db"),
                TestCase.assertRaises(self, LockNotAvailable),
            ):
                second.execute(
                    SQL(
                        "SELECT FROM l10n_pt_atcud_series WHERE id = %s "
                        "FOR SHARE NOWAIT",
                        moves.l10n_pt_atcud_series_id.id,
                    )
                )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_no_two_documents_of_four_workers_are_signed_on_one(self):
        start = threading.Barrier(4)
        with ThreadPoolExecutor(4) as workers:
            work = [
                workers.submit(self.post_batch, start, *range(first, 12, 4))
                for first in range(4)
            ]
            for done in work:
                done.result(timeout=120)
        self.assertEqual(len(self.names()), 12)
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(self.move_ids)
            previous = [move.l10n_pt_atcud_signed["previous"] for move in moves]
            signatures = moves.mapped("l10n_pt_atcud_hash")
            last = moves.l10n_pt_atcud_series_id.signed_hash
        self.assertEqual(len(set(previous)), 12)
        self.assertEqual({*previous, last}, {"", *signatures})

    def post_batch(self, start, *places):
        ids = [self.move_ids[place] for place in places]
        start.wait(timeout=60)  # both begin together
        with self.registry.cursor() as cursor:
            moves = self.env(cursor)["account.move"].browse(ids)
            retrying(partial(moves._post, soft=False), moves.env)

    def breaks(self, cursor):
        env = self.env(cursor)
        signing = env["l10n_pt_atcud.signing"].browse(self.signing_id)
        return env["l10n_pt_atcud.chain_verification"].verify(signing).breaks

    def names(self):
        with self.registry.cursor() as cursor:
            self.assertEqual(self.breaks(cursor), [])
            moves = self.env(cursor)["account.move"].browse(self.move_ids)
            posted = moves.filtered(lambda move: move.state == "posted")
            self.assertTrue(all(posted.mapped("l10n_pt_atcud_hash")))
        return super().names()
