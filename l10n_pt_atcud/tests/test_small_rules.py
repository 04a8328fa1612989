"""Smaller rules: annulling beside drafts, a changed tax number, what is compared."""

from lxml import etree
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import AtcudCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSmallRules(AtcudCommon):
    def is_shown(self, series, name):
        """Return whether the form shows a button of the series."""
        view = self.env.ref("l10n_pt_atcud.view_l10n_pt_atcud_series_form").sudo()
        (button,) = etree.fromstring(view.arch).iterfind(f".//button[@name='{name}']")
        fields = ("state", "is_used", "journal_id", "is_uncompared", "mismatch")
        values = {field: series[field] for field in fields}
        return not safe_eval(button.get("invisible"), values)

    def test_code_that_was_generated_from_a_draft_can_be_annulled(self):
        series = self.make_series()
        draft = self.draft()
        draft.l10n_pt_atcud_series_id.action_register_from_document()
        self.assertEqual(series.move_count, 1)
        self.assertTrue(self.is_shown(series, "action_annul"))
        self.assertFalse(self.is_shown(series, "action_finalise"))
        self.assertIsNone(self.close(series, "annul"))
        self.assertEqual(series.state, "annulled")
        self.assertFalse(draft.l10n_pt_atcud_series_id)

    def test_used_series_is_finalised_and_not_annulled(self):
        series = self.registered_series()
        self.draft().action_post()
        self.assertFalse(self.is_shown(series, "action_annul"))
        self.assertTrue(self.is_shown(series, "action_finalise"))

    def test_number_of_demo_is_on_nothing_real(self):
        company = self.company.sudo()
        self.use_environment("demo")
        company.l10n_pt_atcud_software_number = "9999"
        demo = self.registered_series("D")
        self.assertEqual(demo.software_number, 9999)
        self.use_environment("production")
        self.assertFalse(company.l10n_pt_atcud_software_number)
        self.assertEqual(self.registered_series().software_number, 0)
        company.l10n_pt_atcud_software_number = "9999"
        self.assertEqual(self.registered_series("B").software_number, 0)
        company.l10n_pt_atcud_software_number = "0042"
        self.use_environment("demo")
        self.use_environment("production")
        self.assertEqual(company.l10n_pt_atcud_software_number, "0042")

    def test_code_that_was_not_compared_is_not_green(self):
        for name in ("list", "kanban"):
            view = self.env.ref(f"l10n_pt_atcud.view_l10n_pt_atcud_series_{name}")
            arch = etree.fromstring(view.sudo().arch)
            (state,) = arch.iterfind(".//field[@name='state']")
            values = {"state": "registered", "is_uncompared": True}
            with self.subTest(name):
                self.assertFalse(safe_eval(state.get("decoration-success"), values))
                self.assertTrue(safe_eval(state.get("decoration-warning"), values))
                values["is_uncompared"] = False
                self.assertTrue(safe_eval(state.get("decoration-success"), values))
                self.assertFalse(safe_eval(state.get("decoration-warning"), values))

    def test_every_field_has_a_label_for_people(self):
        """They are shown in the dialogs of import, export and filters."""
        for model in self.env.registry.values():
            for name, field in model._fields.items():
                if name.startswith("l10n_pt_atcud_"):
                    with self.subTest(f"{model._name}.{name}"):
                        self.assertNotIn("L10N", field.string)

    def test_import_explains_a_refusal(self):
        self.registered_series()
        invoice = self.draft()
        invoice.action_post()
        self.env["ir.model.data"].sudo().create(
            {
                "module": "atcud_test",
                "name": "issued",
                "model": "account.move",
                "res_id": invoice.id,
            }
        )
        moves = self.env["account.move"].with_context(import_file=True)
        result = moves.load(["id", "ref"], [["atcud_test.issued", "X"]])
        (message,) = result["messages"]
        self.assertIn("can no longer be changed", message["message"])
        self.assertNotIn("Unknown", message["message"])

    def test_years_and_numbers_have_no_separators(self):
        for model, view in (
            ("l10n_pt_atcud.series.report", "form"),
            ("l10n_pt_atcud.series.next_year", "form"),
            ("l10n_pt_atcud.series", "form"),
        ):
            arch = etree.fromstring(self.env[model].get_view(view_type=view)["arch"])
            for name in ("year", "software_number", "first_number", "last_number"):
                for field in arch.iterfind(f".//field[@name='{name}']"):
                    with self.subTest(f"{model}.{name}"):
                        self.assertIn("enable_formatting", field.get("options", ""))

    def test_banner_names_a_changed_tax_number(self):
        self.registered_series()
        draft = self.draft()
        self.company.sudo().vat = "PT599999993"
        draft.invalidate_recordset(["alerts"])
        message = draft.alerts["l10n_pt_atcud_series"]["message"]
        self.assertIn("is now 599999993", message)
        self.assertIn("509987656", message)

    def test_journal_with_registered_series_stays_a_sales_journal(self):
        journal = self.journal.copy()
        self.make_series("DRAFT", journal_id=journal.id)
        self.registered_series("A", journal_id=journal.id)
        with self.assertRaises(ValidationError) as raised:
            journal.type = "general"
            journal.flush_recordset()
        self.assertIn("FT A", str(raised.exception))

    def test_comparison_says_what_it_compared(self):
        series = self.registered_series("A") | self.registered_series("B")
        message = series.action_compare()["params"]["message"]
        self.assertIn("has 2 series of this taxpayer", message)
        for name in ("FT A", "FT B"):
            line = next(x for x in message.splitlines() if x.startswith(name))
            self.assertIn("Code, state, kind and first number agree", line)

    def test_first_number_that_differs_at_at_is_reported(self):
        series = self.registered_series()
        with self.simulator.store as state:
            key = "series/509987656/FT/a2026"
            state[key] = {**state[key], "numInicialSeq": "7"}
        message = series.action_compare()["params"]["message"]
        self.assertIn("numInicialSeq (AT: 7, Odoo: 1)", message)

    def test_phone_has_cards_with_state_and_code(self):
        action = self.env.ref("l10n_pt_atcud.action_l10n_pt_atcud_series").sudo()
        self.assertIn("kanban", action.view_mode.split(","))
        self.assertEqual(action.mobile_view_mode, "kanban")
        view = self.env["l10n_pt_atcud.series"].get_view(view_type="kanban")
        for name in ("state", "validation_code"):
            self.assertIn(f'name="{name}"', view["arch"])
