"""What was signed with Demo's key stays Demo's when a company goes live."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .signing import SigningCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSigningGoLive(SigningCommon):
    def setUp(self):
        super().setUp()
        self.signing.action_switch_off()
        self.use_environment("demo")
        self.registered_series("D2026")
        self.signing.action_make_demo_key()
        self.signing.action_switch_on()

    def test_going_live_switches_demos_signing_off(self):
        demo = self.issued()
        self.assertEqual(demo.l10n_pt_atcud_content["software_number"], "9999")
        self.use_environment("production")
        self.assertFalse(self.company.sudo().l10n_pt_atcud_software_number)
        self.assertEqual(self.signing.state, "off")
        self.assertIn("those of Demo", self.signing.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "number of the certificate"):
            self.signing.action_switch_on()
        invoice = self.issued()
        self.assertEqual(invoice.name, "FT A2026/1")
        self.assertFalse(invoice.l10n_pt_atcud_hash)
        self.assertFalse(invoice.l10n_pt_atcud_content["software_number"])
        self.assertEqual(demo.l10n_pt_atcud_content["software_number"], "9999")

    def test_verification_says_what_demo_is_worth(self):
        self.issued()
        verification = self.env["l10n_pt_atcud.verification"]
        dialog = verification.with_user(self.new_administrator()).create(
            {"company_id": self.company.id}
        )
        dialog.action_verify()
        self.assertIn("DEMO-FT D2026: 1", dialog.summary)
        self.assertIn("Documents have no fiscal value", dialog.summary)
        html, _kind = dialog.env["ir.actions.report"]._render(
            "l10n_pt_atcud.report_verification",
            dialog.ids,
            data={"report_type": "html"},
        )
        self.assertIn("Documents have no fiscal value", html.decode())
