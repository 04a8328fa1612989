"""New forms open without a fault, and show nothing of other companies."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import MaventaCommon
from .doors import Doors
from .open_forms import OpenForms


@tagged("post_install", "-at_install")
class TestOpenForms(OpenForms, Doors, MaventaCommon):
    def test_empty_forms_open(self):
        administrator = new_test_user(
            self.env,
            "form_administrator",
            "base.group_system,account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.open_empty_forms(self.env(user=administrator, context={}))

    def test_forms_show_nothing_of_another_company(self):
        foreign = self.strangers()["foreign"]
        tried = self.open_forms_of_others(foreign, self.company)
        self.assertLessEqual(
            {
                "account.move.company_id",
                "account.move.maventa_status_id",
                "maventa.invoice.status.company_id",
                "maventa.purchase.tax.tax_id",
            },
            tried,
        )
