from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.maventa_invoice_status import ROLES
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSwitch(MaventaCommon):
    def test_the_first_check_makes_sensible_statuses_once(self):
        statuses = self.env["maventa.invoice.status"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            statuses.mapped("name"), ["To transfer", "Transferred", "Transfer failed"]
        )
        self.assertEqual([self.company[role] for role in ROLES], list(statuses))
        self.company.action_maventa_check()
        self.assertEqual(
            self.env["maventa.invoice.status"].search_count(
                [("company_id", "=", self.company.id)]
            ),
            3,
        )

    def test_the_transfer_status_must_not_carry_sent(self):
        self.company.maventa_enabled = False
        status = self._status("to_transfer")
        status.sent = True
        with self.assertRaisesRegex(ValidationError, "can not be sent.*To transfer"):
            self.company.maventa_enabled = True

    def test_the_flag_cannot_be_set_later_while_on(self):
        with self.assertRaisesRegex(ValidationError, "can not be sent"):
            self._status("to_transfer").sent = True

    def test_other_statuses_may_carry_the_flag(self):
        self._status("after_error").sent = True
        self.company.maventa_enabled = True

    def test_the_three_must_be_different(self):
        with self.assertRaisesRegex(ValidationError, "different"):
            self.company.maventa_status_after_error_id = self._status("to_transfer")

    def test_none_may_be_missing(self):
        with self.assertRaisesRegex(ValidationError, "all three"):
            self.company.maventa_status_after_error_id = False

    def test_none_may_be_archived_while_on(self):
        with self.assertRaisesRegex(ValidationError, "archived"):
            self._status("after_error").active = False

    def test_none_may_be_another_companys(self):
        other = self.setup_other_company()["company"]
        status = self.env["maventa.invoice.status"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.company.maventa_status_after_error_id = status

    def test_only_a_verified_company_can_switch_on(self):
        other = self.setup_other_company()["company"]
        self._make_finnish(other, "FI98765430")
        self._connect(other, company_state="UNVERIFIED")
        self.assertEqual(other.maventa_account_state, "unverified")
        with self.assertRaisesRegex(ValidationError, "has not verified"):
            other.maventa_enabled = True

    def test_a_status_in_use_is_archived_and_not_deleted(self):
        status = self.env["maventa.invoice.status"].create(
            {"name": "Mine", "company_id": self.company.id}
        )
        move = self._invoice()
        move.maventa_status_id = status
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            status.unlink()
        status.active = False
        self.assertEqual(move.maventa_status_id, status, "invoices keep it")
        move.maventa_status_id = False
        status.unlink()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self._status("after_error").unlink()
