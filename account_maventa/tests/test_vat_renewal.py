from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_sellers import SellersCommon

MANAGER = "account.group_account_invoice,account.group_account_manager"


@tagged("post_install", "-at_install")
class TestVatRenewal(SellersCommon):
    """A rate that the chart lacks is made of its predecessor, on a click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["account.tax"].with_context(active_test=False)
        of_chart = [("company_id", "=", cls.company.id), ("amount", "in", (13.5, 14))]
        taxes.search(of_chart).write({"amount": 3})
        cls.company.account_fiscal_country_id = cls.company.country_id
        cls.manager = new_test_user(
            cls.env,
            "manager",
            groups=MANAGER,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.group = cls.env["account.tax.group"].create(
            {
                "name": "VAT 14%",
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.position = cls.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": cls.company.id}
        )
        cls.food = cls._tax(name="14% Food", active=False)
        cls.bought = cls._tax(name="14% Food bought", type_tax_use="purchase")
        cls.acquired = cls._tax(
            name="14% EU",
            type_tax_use="purchase",
            active=False,
            fiscal_position_ids=[Command.link(cls.position.id)],
            original_tax_ids=[Command.link(cls.bought.id)],
        )
        cls.goods = cls.taxes["FI"]["goods"]
        cls.goods.original_tax_ids = cls.food

    @classmethod
    def _tax(cls, **values):
        return cls.env["account.tax"].create(
            {
                "type_tax_use": "sale",
                "amount": 14,
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.group.id,
                "invoice_label": "14%",
                **values,
            }
        )

    def _renewed(self):
        """Return the new taxes by name, made as a person makes them."""
        lines = self.env["maventa.go.live.checklist"]._lines(self.company)
        [line] = [line for line in lines if "is now 13.5 %" in line.text]
        self.assertEqual(line.level, "open")
        dialogs = self.env[line.action["res_model"]].with_user(self.manager)
        with Form(dialogs.with_context(**line.action["context"])) as form:
            self.assertEqual(form.rate, 13.5)
        dialog = form.record
        sources = self.food | self.bought | self.acquired
        self.assertEqual(dialog.with_context(active_test=False).source_ids, sources)
        action = dialog.action_create()
        taxes = self.env["account.tax"].with_context(active_test=False)
        return {tax.name: tax for tax in taxes.search(action["domain"])}

    def test_new_tax_is_its_predecessor_with_the_new_rate(self):
        found = self._renewed()
        self.assertEqual(found.keys(), {"13.5% Food", "13.5% Food bought", "13.5% EU"})
        food = found["13.5% Food"]
        self.assertEqual(food.amount, 13.5)
        self.assertEqual(food.invoice_label, "13.5%")
        self.assertEqual(food.tax_group_id.name, "VAT 13.5%")
        self.assertTrue(food.active)
        self.assertEqual(self.food.amount, 14)
        self.assertEqual(self.group.name, "VAT 14%")
        for mine, other in (
            (food.invoice_repartition_line_ids, self.food.invoice_repartition_line_ids),
            (food.refund_repartition_line_ids, self.food.refund_repartition_line_ids),
        ):
            names = ("repartition_type", "factor_percent", "account_id", "tag_ids")
            for one, two in zip(mine, other, strict=True):
                self.assertEqual([one[x] for x in names], [two[x] for x in names])
        groups = {tax.tax_group_id for tax in found.values()}
        self.assertEqual(len(groups), 1)

    def test_fiscal_positions_replace_the_new_taxes_by_new_ones(self):
        found = self._renewed()
        self.assertIn(found["13.5% Food"], self.goods.original_tax_ids)
        acquired, bought = found["13.5% EU"], found["13.5% Food bought"]
        self.assertFalse(acquired.active, "as its predecessor")
        self.assertEqual(acquired.original_tax_ids, bought)
        self.assertEqual(acquired.fiscal_position_ids, self.position)
        replacing = bought.with_context(active_test=False).replacing_tax_ids
        self.assertEqual(replacing, acquired)
        old = self.bought.with_context(active_test=False).replacing_tax_ids
        self.assertEqual(old, self.acquired)

    def test_names_have_the_rate_in_each_language(self):
        self.env["res.lang"]._activate_lang("fi_FI")
        finnish = self.food.with_context(lang="fi_FI")
        finnish.name, finnish.invoice_label = "Ruoka 14 %", "ALV 14,0 %"
        self.group.with_context(lang="fi_FI").name = "ALV 14 %"
        food = self._renewed()["13.5% Food"].with_context(lang="fi_FI")
        self.assertEqual(food.name, "Ruoka 13.5 %")
        self.assertEqual(food.invoice_label, "ALV 13.5 %")
        self.assertEqual(food.tax_group_id.name, "ALV 13.5 %")

    def test_name_without_a_rate_gets_it(self):
        self.food.name = "Food"
        self.assertIn("Food 13.5 %", self._renewed())

    def test_rate_is_asked_for_once(self):
        renewal = self.env["maventa.vat.renewal"]
        [(_old, new)] = renewal._missing(self.company)
        self._renewed()
        self.assertFalse(renewal._missing(self.company))
        with self.assertRaisesRegex(UserError, "has taxes of 13.5 % already"):
            renewal._renew(self.company, new)

    def test_tax_that_is_there_is_not_made_again(self):
        there = self._tax(name="13.5% EU", type_tax_use="purchase", amount=13.5)
        renewal = self.env["maventa.vat.renewal"]
        [(_old, new)] = renewal._missing(self.company)
        self.assertEqual(renewal._sources(self.company, new), self.food | self.bought)
        self.assertNotIn(there, renewal._renew(self.company, new))

    def test_refusal_leads_to_the_new_tax_who_may_create_it(self):
        self._dress_buyer("FI", "FI")
        self.food.active = True
        line = {"name": "Bread", "price_unit": 9}
        line["tax_ids"] = [Command.set(self.food.ids)]
        move = self._sale("FI", "standard", invoice_line_ids=[Command.create(line)])
        [problem] = self.env["maventa.vat.rates"]._findings(move)
        self.assertIn("Your company has no tax of 13.5 % yet", problem.text)
        alerts = self.env["maventa.invoice.alerts"]
        link = alerts.with_user(self.manager)._link_to_cause(move)
        self.assertEqual(link["action_text"], "Create the taxes of 13.5 %")
        self.assertEqual(link["action"]["res_model"], "maventa.rate.renewal")
        action = alerts.with_user(self.accountant)._link_to_cause(move)["action"]
        self.assertEqual(action["res_model"], "mail.activity.schedule")
        asked = self.env["res.users"].browse(
            action["context"]["default_activity_user_id"]
        )
        self.assertTrue(self.env["account.tax"].with_user(asked).has_access("create"))
        self._renewed()
        [problem] = self.env["maventa.vat.rates"]._findings(move)
        self.assertNotIn("has no tax of", problem.text)
        self.assertFalse(alerts.with_user(self.manager)._link_to_cause(move))

    def test_only_who_may_create_taxes_opens_the_dialog(self):
        dialogs = self.env["maventa.rate.renewal"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            dialogs.create({"rate": 13.5})
