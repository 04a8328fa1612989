"""Proof of a document's series, in its chatter and without the addon; the check."""

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from ..hooks import SERIES, post_init_hook, uninstall_hook
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestProof(AtcudCommon):
    def posted(self, number=1, **values):
        moves = self.env["account.move"]
        for _number in range(number):
            move = self.draft(**values)
            move.action_post()
            moves |= move
        return moves

    def test_chatter_keeps_series_code_and_registration(self):
        series = self.registered_series()
        move = self.posted()
        text = "\n".join(move.message_ids.mapped("body"))
        self.assertIn(move.l10n_pt_atcud_value, text)
        self.assertIn("FT A2026", text)
        self.assertIn(f"Validation code: {series.validation_code}", text)
        self.assertIn("Registered with AT on: ", text)

    def test_reinstalled_addon_finds_series_and_documents(self):
        series = self.registered_series()
        old = self.make_series("B2026", "NC", predecessor_id=False)
        moves = self.posted(2)
        values = moves.mapped("l10n_pt_atcud_value")
        code, day = series.validation_code, series.registered_on
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("l10n_pt_atcud.simulator_url", "https://localhost:1")
        env = self.env(su=True)
        uninstall_hook(env)
        self.assertFalse(parameters.get_param("l10n_pt_atcud.simulator_url"))
        ids = moves.ids
        # as Odoo does when it removes the columns and tables
        env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET l10n_pt_atcud_series_id = NULL,"
                " l10n_pt_atcud_value = NULL, l10n_pt_atcud_is_missing = NULL"
            )
        )
        self.env.cr.execute(SQL("DELETE FROM l10n_pt_atcud_exchange"))
        self.env.cr.execute(
            SQL("UPDATE res_company SET l10n_pt_atcud_connection_id = NULL")
        )
        self.env.cr.execute(SQL("DELETE FROM l10n_pt_atcud_series"))
        self.env.cr.execute(SQL("DELETE FROM l10n_pt_atcud_connection"))
        env.invalidate_all(flush=False)
        post_init_hook(env)
        moves = self.env["account.move"].browse(ids)
        self.assertEqual(moves.mapped("l10n_pt_atcud_value"), values)
        found = moves.l10n_pt_atcud_series_id
        self.assertEqual(found.display_name, "FT A2026")
        self.assertEqual((found.validation_code, found.registered_on), (code, day))
        self.assertEqual(found.state, "registered")
        self.assertTrue(found.connection_id.is_in_use)
        self.assertFalse(table_exists(self.env.cr, SERIES))
        self.assertNotEqual(found, old)
        # and the numbers go on
        self.assertEqual(self.posted().name, "FT A2026/3")

    # === CHECK === #

    def check(self):
        service = self.env["l10n_pt_atcud.issued_document_check"].sudo()
        return service.check(self.company)

    def forge(self, move, **values):
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET %s = %s WHERE id = %s",
                    SQL.identifier(name),
                    value,
                    move.id,
                )
            )
        self.env.invalidate_all()

    def test_check_finds_nothing_in_order(self):
        self.registered_series()
        self.posted(3)
        self.assertFalse(self.check())
        connection = self.connection.with_user(self.accountant)
        answer = connection.action_check_documents()
        self.assertEqual(answer["params"]["type"], "success")

    def test_check_lists_each_kind_of_fault(self):
        self.registered_series()
        first, second, third, fourth = self.posted(4)
        self.forge(first, l10n_pt_atcud_value=None)
        self.assertEqual(self.check()["missing"], first)
        self.forge(first, l10n_pt_atcud_value="FORGED12-1")
        self.assertEqual(self.check(), {"different": first})
        code = first.l10n_pt_atcud_series_id.validation_code
        self.forge(first, l10n_pt_atcud_value=f"{code}-1")
        self.forge(third, sequence_number=7, l10n_pt_atcud_value=f"{code}-7")
        self.assertEqual(self.check()["gap"], third | fourth)
        self.forge(third, sequence_number=3, l10n_pt_atcud_value=f"{code}-3")
        self.forge(second, invoice_date="2020-01-01")
        self.assertEqual(self.check(), {"order": second})
        connection = self.connection.with_user(self.accountant)
        answer = connection.action_check_documents()
        self.assertIn(second.name, answer["params"]["message"])
        self.assertEqual(answer["params"]["next"]["domain"], [("id", "in", second.ids)])

    def test_nightly_check_reports_a_fault_once(self):
        self.registered_series()
        move = self.posted()
        self.forge(move, l10n_pt_atcud_value="FORGED12-1")
        for _night in range(2):
            with self.enter_registry_test_mode():
                cron = self.env.ref("l10n_pt_atcud.ir_cron_l10n_pt_atcud_nightly_check")
                cron.sudo().method_direct_trigger()
            self.env.invalidate_all()
        notes = self.connection.sudo().activity_ids.mapped("note")
        self.assertEqual(len(notes), 1)
        self.assertIn(move.name, notes[0])
