"""Two workers at one series: the second does not ask AT."""

from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLocking(BaseCase):
    """With real transactions, which the other test classes do not have."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            series = env["l10n_pt_atcud.series"].create(
                {
                    "company_id": env.ref("base.main_company").id,
                    "identifier": "LOCKED",
                    "document_type": "FT",
                }
            )
            self.series_id = series.id
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            series = env["l10n_pt_atcud.series"].browse(self.series_id)
            series.message_ids.unlink()
            series.unlink()

    def series(self, cursor):
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["l10n_pt_atcud.series"].browse(self.series_id)

    def test_the_second_worker_is_sent_away(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.series(first)._lock()
            company = type(self.series(second).company_id)
            with (
                patch.object(company, "_l10n_pt_atcud_client") as client,
                self.assertRaises(UserError),
            ):
                self.series(second)._communicate()
            client.assert_not_called()

    def test_documents_may_refer_to_a_series_that_is_being_registered(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.series(first)._lock()
            # What a foreign key checks; it would wait for a stronger lock.
            second.execute(
                "SELECT id FROM l10n_pt_atcud_series WHERE id = %s "
                "FOR KEY SHARE NOWAIT",
                [self.series_id],
            )
            self.assertEqual(second.rowcount, 1)
