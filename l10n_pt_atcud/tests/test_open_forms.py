"""New forms open without a fault, and show nothing of other companies."""

from odoo.tests import new_test_user, tagged

from .common import AtcudCommon
from .doors import ACCOUNTANT, Doors
from .open_forms import OpenForms


@tagged("post_install", "-at_install", "post_install_l10n")
class TestOpenForms(OpenForms, Doors, AtcudCommon):
    def test_empty_forms_open(self):
        administrator = self.new_administrator()
        self.open_empty_forms(self.env(user=administrator, context={}))

    def test_forms_show_nothing_of_another_company(self):
        self.registered_series()
        foreign = self.strangers()["foreign"]
        tried = self.open_forms_of_others(foreign, self.company)
        self.assertLessEqual(
            {
                "account.journal.company_id",
                "account.move.l10n_pt_atcud_series_id",
                "l10n_pt_atcud.series.company_id",
                "l10n_pt_atcud.series.journal_id",
                "l10n_pt_atcud.series.predecessor_id",
            },
            tried,
        )

    def test_own_records_can_be_chosen(self):
        self.registered_series()
        user = new_test_user(
            self.env(su=True), "form_accountant", ACCOUNTANT, company_id=self.company.id
        )
        series = self.env(user=user, context={})["l10n_pt_atcud.series"]
        shown = series.onchange(
            {"journal_id": self.journal.id}, ["journal_id"], {"nif": {}}
        )
        self.assertIn("value", shown)
