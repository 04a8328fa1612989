"""In the browser: from the banner to a posted invoice."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTour(AtcudCommon, AccountTestInvoicingHttpCommon):
    def test_from_the_banner_to_a_posted_invoice(self):
        series = self.make_series()
        draft = self.draft()
        # Odoo's own form names a widget of partner_autocomplete, installed or not.
        with mute_logger(f"{self._logger.name}.browser"):
            self.start_tour(
                f"/odoo/action-account.action_move_out_invoice_type/{draft.id}",
                "l10n_pt_atcud_generate_code",
                login=self.accountant.login,
            )
        draft.invalidate_recordset()
        self.assertEqual((draft.state, draft.name), ("posted", "FT A2026/1"))
        self.assertEqual(draft.l10n_pt_atcud_value, f"{series.validation_code}-1")
        self.assertEqual(self.simulator.requests["registarSerie"], 1)
