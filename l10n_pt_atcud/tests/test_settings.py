"""The settings edit the connection of the environment that is chosen in them."""

from odoo.tests import Form, tagged

from ..guards import as_service
from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSettings(AtcudCommon):
    def setUp(self):
        super().setUp()
        # The tests' chart of accounts has taxes on payment; without this Odoo's own
        # settings begin with an error.
        self.company.sudo().tax_exigibility = True
        self.administrator = self.new_administrator()
        self.use_environment("demo").sudo().password = "demo"

    def form(self):
        settings = self.env["res.config.settings"].with_user(self.administrator)
        return Form(settings.with_company(self.company))

    def test_the_form_shows_the_connection_of_the_chosen_environment(self):
        self.connection.sudo().username = "509987656/7"
        with self.form() as form:
            self.assertEqual(form.l10n_pt_atcud_environment, "demo")
            self.assertEqual(form.l10n_pt_atcud_username, "509987656/7")
            form.l10n_pt_atcud_environment = "test"
            self.assertFalse(form.l10n_pt_atcud_username)
            self.assertEqual(form.l10n_pt_atcud_state, "not_configured")
            form.l10n_pt_atcud_environment = "demo"
            self.assertEqual(form.l10n_pt_atcud_username, "509987656/7")

    def test_another_environment_makes_another_connection(self):
        demo = self.connection.sudo()
        demo.username = "509987656/7"
        form = self.form()
        form.l10n_pt_atcud_environment = "test"
        form.l10n_pt_atcud_username = "509987656/8"
        form.l10n_pt_atcud_password = "Senha-123"
        form.save()
        test = self.company._l10n_pt_atcud_connection().sudo()
        self.assertEqual((test.environment, test.username), ("test", "509987656/8"))
        self.assertEqual((test.password, test.password_mode), ("Senha-123", "stored"))
        self.assertEqual((demo.username, demo.password), ("509987656/7", "demo"))

    def test_company_without_environment_stays_not_configured(self):
        as_service(self.company.sudo()).l10n_pt_atcud_connection_id = False
        form = self.form()
        self.assertFalse(form.l10n_pt_atcud_environment)
        self.assertEqual(form.l10n_pt_atcud_state, "not_configured")
        form.save().execute()
        self.assertFalse(self.company._l10n_pt_atcud_connection())
        self.assertFalse(self.simulator.requests)
