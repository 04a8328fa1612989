"""In the browser: from the connection to paper, and where errors lead."""

from unittest.mock import patch

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..at_series import Annulment, TipoDoc
from ..at_series.simulator import Account
from .common import USERNAME, AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTourConnection(AtcudCommon, AccountTestInvoicingHttpCommon):
    def setUp(self):
        super().setUp()
        # The tests' chart of accounts has taxes on payment; without this the settings
        # of Odoo itself begin with an error.
        self.company.sudo().tax_exigibility = True
        self.administrator = self.new_administrator()

    def walk(self, path, tour):
        # Odoo's own form names a widget of partner_autocomplete, installed or not. What
        # leads elsewhere is an exception for the server.
        with mute_logger(f"{self._logger.name}.browser", "odoo.http"):
            self.start_tour(path, tour, login=self.administrator.login)

    def walk_from(self, draft, tour):
        action = "action-account.action_move_out_invoice_type"
        self.walk(f"/odoo/{action}/{draft.id}", tour)
        draft.invalidate_recordset()

    def test_the_settings_check_the_connection(self):
        self.walk(
            "/odoo/action-account.action_account_config",
            "l10n_pt_atcud_check_connection",
        )
        self.assertEqual(self.connection.display_state, "active")

    def test_from_the_banner_to_paper(self):
        self.make_series()
        draft = self.draft()
        self.walk_from(draft, "l10n_pt_atcud_register_post_print")
        self.assertEqual((draft.state, draft.name), ("posted", "FT A2026/1"))

    def test_refused_credentials_lead_to_the_settings(self):
        self.make_series()
        self.simulator.accounts = {USERNAME: Account("another")}
        draft = self.draft()
        # The error that leads there rolls back; what AT answered is kept before.
        with patch.object(
            type(self.env["l10n_pt_atcud.remote_call"]),
            "commit",
            lambda service: service.env.cr.commit(),
        ):
            self.walk_from(draft, "l10n_pt_atcud_refused_credentials")
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.display_state, "refused")
        self.assertEqual(self.simulator.requests["registarSerie"], 1)
        self.assertEqual((draft.state, draft.name), ("draft", False))

    def test_refused_series_leads_to_the_series(self):
        self.make_series()
        other = self.other_program()
        new = self.env["l10n_pt_atcud.series"].search([])._new_series()
        code = other.registar_serie(new).cod_validacao_serie
        other.anular_serie(Annulment("A2026", TipoDoc.FT, code, True))
        self.walk_from(self.draft(), "l10n_pt_atcud_refused_series")
