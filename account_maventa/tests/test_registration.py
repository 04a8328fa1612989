from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..maventa_api.simulator.registrations import is_registrable
from .common import MaventaCommon
from .common_sellers import SellersCommon


@tagged("post_install", "-at_install")
class TestRegistration(MaventaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.write({"name": "Aino Aalto", "email": "aino@example.com"})
        cls.other = cls.setup_other_company(name="Halla Oy")["company"]
        cls._make_finnish(cls.other, "FI91234565")
        cls.other.email = "post@halla.example.com"
        cls.other._maventa_configure("demo")

    def setUp(self):
        super().setUp()
        with self.simulator.store as state:
            for key in list(state):
                row = state[key]
                if key.startswith("user/") or row.get("bid") == self.other.vat:
                    del state[key]

    def _dialog(self, company=None):
        account = (company or self.other)._maventa_account_in_use()
        return self.env["maventa.registration.wizard"].create(
            {"account_id": account.id}
        )

    def _register(self):
        """Press the button; what was kept stays, as after a commit."""
        try:
            self._dialog().action_register()
        except UserError as error:
            return str(error)
        return None

    def test_registration_sets_keys_statuses_and_authentication(self):
        action = self._dialog().action_register()
        self.assertEqual(action["params"]["type"], "success")
        # the settings behind it stay where they are
        self.assertEqual(action["params"]["next"]["tag"], "soft_reload")
        self.assertIn("aino@example.com", action["params"]["message"])
        self.assertTrue(self.other.maventa_account_id.user_api_key)
        self.assertTrue(self.other.maventa_account_id.company_uuid)
        self.assertEqual(self.other.maventa_account_id.state, "unverified")
        self.assertEqual(self.other.maventa_account_id.auth_email, "aino@example.com")
        self.assertTrue(self.other.maventa_status_to_transfer_id)
        self.other.maventa_account_id.action_refresh()
        self.other.maventa_account_id.action_refresh()
        self.assertEqual(self.other.maventa_account_id.state, "verified")

    def test_existing_user_gets_instructions(self):
        with self.simulator.store as state:
            state["user/aino@example.com"] = {"key": "hers", "companies": []}
        action = self._dialog().action_register()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("log in at Maventa", self.other.maventa_account_id.problem)
        self.assertFalse(self.other.maventa_account_id.user_api_key)
        self.assertFalse(self.simulator.requests["create_company"])

    def test_taken_business_id_keeps_the_user_key(self):
        self.simulator.add_account(name="Halla Oy", bid="9123456-5")
        said = self._register()
        self.assertIn("BID ALREADY TAKEN", said)
        self.assertIn("enter its user API key", said)
        key = self.other.maventa_account_id.user_api_key
        self.assertTrue(key)
        self.assertIn("BID ALREADY TAKEN", self._register())
        self.assertEqual(self.other.maventa_account_id.user_api_key, key)
        self.assertEqual(self.simulator.requests["create_user"], 1, "no second user")
        with self.simulator.store as state:
            for name in [n for n in state if state[n].get("bid") == "9123456-5"]:
                del state[name]

    def test_lost_company_answer_is_found_again(self):
        with self._fault("drop_after_company"):
            self.assertIn("Press Register again", self._register())
        self.assertFalse(self.other.maventa_account_id.company_uuid)
        self.assertIsNone(self._register())
        self.assertTrue(self.other.maventa_account_id.company_uuid)
        self.assertFalse(self.other.maventa_account_id.registering_since)
        self.assertEqual(self.simulator.requests["create_user"], 1)
        self.assertEqual(self.simulator.requests["create_company"], 1)

    def test_lost_user_answer_creates_no_second_user(self):
        with self._fault("drop_after_user"):
            self.assertIn("Press Register again", self._register())
        self.assertIsNone(self._register())
        self.assertIn("log in at Maventa", self.other.maventa_account_id.problem)

    def test_approver_is_chosen_before_any_mail_leaves(self):
        approver = new_test_user(self.env, "signer", email="signer@example.com")
        dialog = self._dialog()
        dialog.write({"approver_id": approver.id})
        self.assertEqual(dialog.email, "signer@example.com")
        toast = dialog.action_register()
        self.assertEqual(self.simulator.requests["authenticate"], 1)
        self.assertEqual(self.other.maventa_account_id.auth_email, approver.email)
        self.assertIn("signer@example.com", toast["params"]["message"])

    def test_second_try_does_not_mix_persons(self):
        with self._fault("drop_after_company"):
            self._register()
        account = self.other.maventa_account_id
        self.assertEqual(account.registered_user_id, self.env.user)
        other = new_test_user(self.env, "other", email="other@example.com")
        dialog = self._dialog()
        dialog.user_id = other
        with self.assertRaisesRegex(UserError, "Aino Aalto"):
            dialog.action_register()
        self.assertEqual(self.simulator.requests["create_user"], 1)
        self.assertFalse(self.simulator.requests["authenticate"])
        dialog = self._dialog()
        dialog.write({"approver_id": other.id})
        dialog.action_register()
        self.assertEqual(self.simulator.requests["authenticate"], 1)
        self.assertEqual(account.auth_email, "other@example.com")

    def test_all_missing_data_are_listed(self):
        self.other.partner_id.write({"street": False, "zip": False})
        self.other.partner_id.country_id = self.env.ref("base.de")
        self.env.user.email = False
        said = self._register()
        for words in ("street, post code", "DK, FI, NL, NO, SE", "no e-mail address"):
            self.assertIn(words, said)
        self.assertFalse(self.simulator.requests)

    def test_company_with_account_cannot_register(self):
        with self.assertRaisesRegex(UserError, "already has an account"):
            self._dialog(self.company).action_register()

    def test_accountant_cannot_register(self):
        with self.assertRaises(AccessError):
            self._dialog().with_user(self.accountant).action_register()


@tagged("post_install", "-at_install")
class TestRegistrationNumber(SellersCommon):
    """Companies are registered by the number that Maventa takes in their country."""

    def test_number_is_the_organisation_number_of_the_country(self):
        registration = self.env["maventa.registration"]
        for code, number in (
            ("FI", "FI23456780"),
            ("SE", "5560125790"),
            ("NO", "923609016"),
            ("NL", "12345678"),
        ):
            with self.subTest(code):
                values = registration._values(self.sellers[code])
                self.assertEqual(values.bid, number)
                self.assertEqual(values.has_vat, code == "FI")

    def test_dutch_company_without_kvk_is_asked_for_it(self):
        company = self.sellers["NL"]
        company.company_registry = False
        account = company._maventa_configure("demo")
        problems = self.env["maventa.registration"]._problems(account, self.env.user)
        self.assertIn("number at the KVK", "\n".join(problems))

    def test_wrong_numbers_are_refused_as_maventa_refuses_them(self):
        for code, number in (
            ("SE", "SE556012579001"),
            ("SE", "5560125791"),
            ("NO", "NO923609016MVA"),
            ("NO", "923609017"),
            ("NL", "NL123456782B90"),
            ("FI", "FI23456781"),
        ):
            with self.subTest(number):
                self.assertFalse(is_registrable(code, number))
