from decimal import Decimal

from lxml import etree
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..maventa_api.finvoice import document_in
from ..maventa_api.ubl import Severity, problems_of
from .common_sellers import SELLERS, SellersCommon

FORMATS = ("account.edi.xml.maventa_bis3", "account.edi.xml.maventa_finvoice")
HOURS = ((0.333, 33.33), (1.5, 17.77), (0.17, 123.45), (7, 1.07), (1.75, 85.35))
# What nobody can send, and what the user reads
REFUSALS = {
    "texts": "only texts",
    "untaxed": "has no tax",
    "two taxes": "has several taxes",
    "unclear deposit": "has no tax category",
    "division": "is not a percentage that is added",
    "three decimals": "more than two decimals",
    "cash rounding, biggest_tax": "is booked as VAT",
}


@tagged("post_install", "-at_install")
class TestUnusualDocuments(SellersCommon):
    """Four sellers, both formats: valid with Odoo's total to pay, or refused in words.

    ``problems_of`` finds what the official rules would refuse.
    """

    def test_unusual_document_is_valid_or_refused_with_the_reason(self):
        for code in SELLERS:
            self._dress_buyer(code, code)
            for name, (lines, values) in self._stories(code).items():
                move = self._move(code, lines, values)
                for model in FORMATS:
                    with self.subTest(f"{code} {name} {model}"):
                        self._assert_verdict(move, name, model)

    def _assert_verdict(self, move, name, model):
        builder = self.env[model]
        if name in REFUSALS:
            with self.assertRaises(ValidationError) as caught:
                builder._maventa_export(move, [])
            self.assertIn(REFUSALS[name], str(caught.exception))
            self.assertNotIn("does not meet the rule", str(caught.exception))
            return
        _name, file = builder._maventa_export(move, [])
        root = etree.fromstring(document_in(file))
        if model == FORMATS[0]:
            found = [row for row in problems_of(file) if row.severity == Severity.ERROR]
            self.assertFalse(found)
            path = "{*}LegalMonetaryTotal/{*}PayableAmount"
        else:
            path = "EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"
        payable = Decimal(root.findtext(path).replace(",", "."))
        self.assertEqual(payable, Decimal(f"{move.amount_total:.2f}"))

    # === STORIES === #

    def _move(self, code, lines, values):
        company = self.sellers[code]
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": self.buyer.id,
                    "invoice_date": "2026-03-02",
                    "fiscal_position_id": False,
                    "invoice_line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    def _line(self, name, quantity, price, taxes, **values):
        return {
            "name": name,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
            **values,
        }

    def _stories(self, code):
        """Return lines and values of invoices by their name."""
        taxes, none = self.taxes[code], self.env["account.tax"]
        standard, zero = taxes["standard"], taxes["zero"]
        included = self._tax(
            code, standard.amount, price_include_override="tax_included"
        )
        deposit = self._tax(code, 0.2, amount_type="fixed", sequence=-5)
        hours = [self._line(f"Work {row}", *row, standard) for row in HOURS]
        snow = self._line("Snow", 1, 100, standard)
        note = {"display_type": "line_note", "name": "Brr"}
        gift = self._line("Gift", 1, 50, standard, discount=100)
        division = self._tax(code, 20, amount_type="division")
        yen, dinar = self.env.ref("base.JPY"), self.env.ref("base.KWD")
        (yen | dinar).active = True
        foreign = {"currency_id": self.env.ref("base.USD").id}
        return {
            "hours": (hours, {}),
            "foreign currency": (hours, foreign),
            "tiny prices": ([self._line("Screw", 10000, 0.0012345, standard)], {}),
            "tax included": ([self._line("Ice", 7, 1.07, included, discount=12.5)], {}),
            "blank label": ([self._line(" ", 2, 5, standard)], {}),
            "0 % beside discounts": ([gift, self._line("Free", 1, 9, zero)], {}),
            "discount as a line": ([snow, self._line("Less", 1, -10, standard)], {}),
            "nothing to pay": ([gift], {}),
            "several rates": ([*hours, self._line("Zero", 2, 4.5, zero)], {}),
            "texts": ([note], {}),
            "untaxed": ([self._line("Gift", 1, 5, none)], {}),
            "two taxes": ([self._line("Both", 1, 5, standard | zero)], {}),
            "division": ([self._line("Ice", 1, 5, division)], {}),
            "three decimals": (hours, {"currency_id": dinar.id}),
            "down payment": ([snow, self._line("Paid", 1, -30, standard)], {}),
            "reverse charge beside taxes": (
                [snow, self._line("Roof", 1, 50, taxes["construction"])],
                {},
            ),
            "without decimals": (hours, {"currency_id": yen.id}),
            "nothing but a price of nothing": (
                [self._line("Ice", 0, 5, standard), snow],
                {},
            ),
            "unclear deposit": ([self._line("Milk", 6, 2, deposit | standard)], {}),
            **{
                f"cash discount, {mode}": (
                    [*hours, self._line("Zero", 2, 4.5, zero)],
                    {"invoice_payment_term_id": self._term(code, mode).id},
                )
                for mode in ("included", "excluded", "mixed")
            },
            **{
                f"cash rounding, {strategy}": (
                    hours,
                    {"invoice_cash_rounding_id": self._rounding(code, strategy).id},
                )
                for strategy in ("add_invoice_line", "biggest_tax")
            },
        }

    def _tax(self, code, amount, **values):
        company = self.sellers[code]
        return (
            self.env["account.tax"]
            .with_company(company)
            .create(
                {
                    "name": f"{amount} {values}",
                    "type_tax_use": "sale",
                    "amount": amount,
                    "company_id": company.id,
                    "country_id": company.account_fiscal_country_id.id,
                    **values,
                }
            )
        )

    def _term(self, code, mode):
        return self.env["account.payment.term"].create(
            {
                "name": f"2 % of 10 days, {mode}",
                "early_discount": True,
                "early_pay_discount_computation": mode,
                "discount_percentage": 2,
                "discount_days": 10,
                "company_id": self.sellers[code].id,
            }
        )

    def _rounding(self, code, strategy):
        company = self.sellers[code]
        accounts = self.env["account.account"].with_company(company)

        def account(kind):
            domain = [("account_type", "=", kind), ("company_ids", "in", company.ids)]
            return accounts.search(domain, limit=1).id

        return (
            self.env["account.cash.rounding"]
            .with_company(company)
            .create(
                {
                    "name": strategy,
                    "rounding": 0.05,
                    "strategy": strategy,
                    "profit_account_id": account("income"),
                    "loss_account_id": account("expense"),
                }
            )
        )
