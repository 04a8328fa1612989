from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.maventa_invoice_status import ROLES
from .common import MaventaCommon


@tagged("post_install", "-at_install")
class TestSwitch(MaventaCommon):
    def test_first_check_creates_statuses_once(self):
        statuses = self.env["maventa.invoice.status"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            statuses.mapped("name"), ["To transfer", "Transferred", "Transfer failed"]
        )
        self.assertEqual([self.company[role] for role in ROLES], list(statuses))
        self.account.action_check()
        self.assertEqual(
            self.env["maventa.invoice.status"].search_count(
                [("company_id", "=", self.company.id)]
            ),
            3,
        )

    def test_transfer_status_must_not_be_sent(self):
        self.company.maventa_enabled = False
        status = self._status("to_transfer")
        status.sent = True
        with self.assertRaisesRegex(
            ValidationError, "must not count as sent.*To transfer"
        ):
            self.company.maventa_enabled = True

    def test_sent_flag_is_refused_while_enabled(self):
        with self.assertRaisesRegex(ValidationError, "must not count as sent"):
            self._status("to_transfer").sent = True

    def test_other_statuses_may_be_sent(self):
        self._status("after_error").sent = True
        self.company.maventa_enabled = True

    def test_statuses_must_differ(self):
        with self.assertRaisesRegex(ValidationError, "different"):
            self.company.maventa_status_after_error_id = self._status("to_transfer")

    def test_all_statuses_are_required(self):
        with self.assertRaisesRegex(ValidationError, "all three"):
            self.company.maventa_status_after_error_id = False

    def test_statuses_cannot_be_archived_while_enabled(self):
        with self.assertRaisesRegex(ValidationError, "archived"):
            self._status("after_error").active = False

    def test_statuses_must_belong_to_the_company(self):
        other = self.setup_other_company()["company"]
        status = self.env["maventa.invoice.status"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.company.maventa_status_after_error_id = status

    def test_switch_requires_verified_account(self):
        other = self.setup_other_company()["company"]
        self._make_finnish(other, "FI98765430")
        self._connect(other, company_state="UNVERIFIED")
        self.assertEqual(other.maventa_account_id.state, "unverified")
        with self.assertRaisesRegex(ValidationError, "has not verified"):
            other.maventa_enabled = True

    def test_status_in_use_cannot_be_deleted(self):
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
