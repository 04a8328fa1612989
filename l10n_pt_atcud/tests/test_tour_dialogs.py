"""In the browser: the dialogs of a series, and the ways to register one."""

from datetime import date
from unittest.mock import patch

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..at_series import Annulment, NewSeries, TipoDoc, lisbon_date
from ..services import next_year
from .common import AtcudCommon


class Dialogs:
    """A manager of the company, on a day in December, who walks through dialogs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = patch.object(next_year, "lisbon_date", lambda: date(2026, 12, 10))
        cls.startClassPatcher(today)
        cls.manager = new_test_user(
            cls.env(su=True),
            "atcud_manager",
            groups="account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[cls.company.id],
        )

    def walk(self, path, tour, user=None):
        # Odoo's own form names a widget of partner_autocomplete, installed or not.
        with mute_logger(f"{self._logger.name}.browser", "odoo.http"):
            self.start_tour(path, tour, login=(user or self.manager).login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTourDialogs(Dialogs, AtcudCommon, AccountTestInvoicingHttpCommon):
    def find(self, identifier, document_type="FT"):
        return self.env["l10n_pt_atcud.series"].search(
            [
                ("identifier", "=", identifier),
                ("document_type", "=", document_type),
                ("company_id", "=", self.company.id),
            ]
        )

    def register_elsewhere(self, identifier, first_number=1):
        with self.other_program() as other:
            new = NewSeries(identifier, TipoDoc.FT, first_number, lisbon_date())
            return other.registar_serie(new).cod_validacao_serie

    def test_next_year(self):
        self.registered_series()
        self.walk("/odoo/at-series", "l10n_pt_atcud_next_year")
        self.assertEqual(self.find("A2027").state, "registered")

    def test_next_year_in_part(self):
        self.registered_series()
        self.registered_series("A2026", "NC")
        code = self.register_elsewhere("A2027")
        with self.other_program() as other:
            other.anular_serie(Annulment("A2027", TipoDoc.FT, code, True))
        self.walk("/odoo/at-series", "l10n_pt_atcud_next_year_refused")
        self.assertEqual(self.find("A2027").state, "draft")
        self.assertEqual(self.find("A2027", "NC").state, "registered")

    def test_import(self):
        code = self.register_elsewhere("PORTAL2026")
        self.walk("/odoo/at-series", "l10n_pt_atcud_import")
        series = self.find("PORTAL2026")
        self.assertEqual((series.validation_code, series.numbered_until), (code, 17))

    def test_mismatch(self):
        code = self.register_elsewhere("A2026", first_number=10)
        series = self.make_series()
        self.walk(f"/odoo/at-series/{series.id}", "l10n_pt_atcud_mismatch")
        self.assertEqual((series.validation_code, series.numbered_until), (code, 12))

    def test_from_the_card_of_the_journal(self):
        series = self.make_series()
        self.walk(
            "/odoo/action-account.open_account_journal_dashboard_kanban",
            "l10n_pt_atcud_card",
            self.accountant,
        )
        self.assertEqual(series.state, "registered")

    def test_from_the_banner_where_a_warning_is_enough(self):
        self.company.sudo().l10n_pt_atcud_without_series = "warn"
        series, draft = self.make_series(), self.draft()
        path = f"/odoo/action-account.action_move_out_invoice_type/{draft.id}"
        self.walk(path, "l10n_pt_atcud_warned", self.accountant)
        self.assertEqual(draft.l10n_pt_atcud_value, f"{series.validation_code}-1")

    def test_finalise_series_of_another_program(self):
        series = self.registered_series("ARM2026", "GT", journal_id=False)
        self.walk(f"/odoo/at-series/{series.id}", "l10n_pt_atcud_finalise")
        self.assertEqual((series.state, series.last_number), ("finalised", 88))

    def test_cancel_with_a_reason(self):
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        path = f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}"
        self.walk(path, "l10n_pt_atcud_cancel", self.accountant)
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(invoice.l10n_pt_atcud_cancel_reason, "Cliente errado")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTourWindow(Dialogs, AtcudCommon, AccountTestInvoicingHttpCommon):
    browser_size = "1400x900"

    def test_tab_of_the_journal_fits_the_window(self):
        series = self.registered_series("A2026-LOJA-PORTO", start_date=lisbon_date())
        action = "action-account.action_account_journal_form"
        self.walk(f"/odoo/{action}/{self.journal.id}", "l10n_pt_atcud_tab")
        self.assertEqual(series.state, "registered")
