"""The mixin for documents of other models, on the example of the README."""

import pathlib
import re

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AtcudCommon

_README = pathlib.Path(__file__).parent.parent / "README.md"
_ADDON = "l10n_pt_atcud"
_MODEL = re.compile(r"```python\n(# models/example_order\.py\n.*?)```", re.DOTALL)


def example():
    """Return the model class that the README shows."""
    code = _MODEL.search(_README.read_text(encoding="utf-8"))[1]
    names = {"__name__": f"odoo.addons.{_ADDON}.models.example_order"}
    exec(compile(code, str(_README), "exec"), names)
    model = names["ExampleOrder"]
    # Another registry of this process does not get the example.
    models.MetaModel._module_to_models__[_ADDON].remove(model)
    return model


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDocumentMixin(AtcudCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from odoo.orm.model_classes import add_to_registry

        name = add_to_registry(cls.registry, example())._name
        cls.addClassCleanup(cls.registry._setup_models__, cls.env.cr, [])
        cls.addClassCleanup(cls.registry.__delitem__, name)
        cls.registry._setup_models__(cls.env.cr, [name])
        cls.registry.init_models(cls.env.cr, [name], {"module": _ADDON})
        cls.orders = cls.env[name].sudo()

    def setUp(self):
        super().setUp()
        self.series = self.registered_series("O2026", "NE", journal_id=False)

    def order(self, **values):
        return self.orders.create(
            {
                "name": "Ten tiles",
                "partner_id": self.partner_a.id,
                "company_id": self.company.id,
                "amount": 123.0,
                **values,
            }
        )

    def test_example_gets_number_and_atcud(self):
        first, second = self.order(), self.order()
        (first | second).action_confirm()
        code = self.series.validation_code
        self.assertEqual(first.l10n_pt_atcud_number, "NE O2026/1")
        self.assertEqual(second.l10n_pt_atcud_value, f"{code}-2")
        self.assertEqual(second._l10n_pt_atcud_printed(), f"ATCUD:{code}-2")
        first.action_confirm()
        self.assertEqual(first.l10n_pt_atcud_sequence, 1)

    def test_example_is_frozen(self):
        order = self.order()
        order.amount = 124.0
        order.action_confirm()
        for values in ({"amount": 1.0}, {"partner_id": self.partner_b.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "is issued"):
                order.write(values)
        with self.assertRaisesRegex(UserError, "is issued"):
            order.unlink()
        self.assertEqual(order.l10n_pt_atcud_content["total"], 124.0)
        self.assertEqual(order.l10n_pt_atcud_content["name"], "Ten tiles")

    def test_customer_of_an_example_is_not_merged_into_another(self):
        self.partner_a.sudo().vat = "PT599999993"
        other = self.partner_b.sudo()
        other.vat = "PT502757191"
        order, customer = self.order(), self.partner_a.sudo()
        customer._l10n_pt_atcud_check_merge(other)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Create a new contact"):
            customer._l10n_pt_atcud_check_merge(other)

    def test_example_is_cancelled_with_a_reason(self):
        order = self.order()
        order.action_confirm()
        action = order.action_l10n_pt_atcud_cancel()
        wizards = self.env[action["res_model"]].sudo().with_context(**action["context"])
        wizards.create({"reason": "Not delivered"}).action_confirm()
        self.assertEqual(order.state, "cancelled")
        self.assertEqual(order.l10n_pt_atcud_number, "NE O2026/1")

    def test_example_stands_in_the_report_of_its_series(self):
        order = self.order()
        order.action_confirm()
        mixin = self.env["l10n_pt_atcud.document.mixin"].sudo()
        (row,) = mixin._l10n_pt_atcud_rows(self.series)
        self.assertEqual((row["name"], row["total"]), ("NE O2026/1", 123.0))
        self.assertEqual((row["res_model"], row["res_id"]), (order._name, order.id))
        self.assertEqual(self.series.sudo()._find_last_number(), 1)

    def test_cancel_dialog_serves_documents_only(self):
        wizards = self.env["l10n_pt_atcud.cancel"]
        wizard = wizards.create(
            {
                "res_model": "res.partner",
                "res_id": self.partner_a.id,
                "reason": "No document",
            }
        )
        with self.assertRaisesRegex(UserError, "no AT series"):
            wizard.action_confirm()
