"""Two workers sign in one series at once: the chain stays whole."""

import shutil

from odoo.tests import tagged
from odoo.tools import SQL

from .common import NIF
from .signing import NUMBER, PEM
from .test_concurrent_posting import TestConcurrentPosting


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningConcurrent(TestConcurrentPosting):
    """The tests of posting at once, each with a signature on the one before."""

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

    def names(self):
        with self.registry.cursor() as cursor:
            env = self.env(cursor)
            signing = env["l10n_pt_atcud.signing"].browse(self.signing_id)
            finding = env["l10n_pt_atcud.chain_verification"].verify(signing)
            self.assertEqual(finding.breaks, [])
            moves = env["account.move"].browse(self.move_ids)
            posted = moves.filtered(lambda move: move.state == "posted")
            self.assertTrue(all(posted.mapped("l10n_pt_atcud_hash")))
        return super().names()
