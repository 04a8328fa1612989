from odoo import Command
from odoo.tests import tagged

from .common_sellers import SellersCommon

OLD = {"invoice_date": "2025-12-30"}


@tagged("post_install", "-at_install")
class TestVatRates(SellersCommon):
    """A rate of other days is refused unless the law may look at those days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._tax("FI", 14)

    @classmethod
    def _tax(cls, code, rate):
        """Return a tax of the seller's own country."""
        company = cls.sellers[code]
        company.account_fiscal_country_id = company.country_id
        values = {"company_id": company.id, "country_id": company.country_id.id}
        group = cls.env["account.tax.group"].create({"name": "VAT", **values})
        values |= {"name": f"{rate} %", "amount": rate, "tax_group_id": group.id}
        return cls.taxes[code]["standard"].copy(values)

    def _move(self, tax, *others, code="FI", buyer=None, **values):
        self._dress_buyer(buyer or code, code)
        rows = [("Bread", 100, tax), *others]
        lines = [
            Command.create(
                {"name": name, "price_unit": price, "tax_ids": [Command.set(one.ids)]}
            )
            for name, price, one in rows
        ]
        return self._sale(code, "standard", invoice_line_ids=lines, **values)

    def _problems(self, move):
        """Return what both formats say against the rate; they say the same."""
        builders = self.env["account.edi.xml.maventa"]._maventa_builders()
        found = [
            [
                text
                for text in builders[key]._maventa_check(move)
                if "VAT, which" in text
            ]
            for key in ("peppol", "finvoice")
        ]
        self.assertEqual(*found)
        return "\n".join(found[0])

    def _remarks(self, move):
        builders = self.env["account.edi.xml.maventa"]._maventa_builders()
        return "\n".join(builders["peppol"]._maventa_remarks(move))

    def test_new_invoice_with_an_old_rate_is_refused(self):
        problems = self._problems(self._move(self.old))
        self.assertIn('The line "Bread" has 14 % VAT', problems)
        self.assertIn(
            "not in force on 03/02/2026 (in force: 25.5, 13.5, 10 %)", problems
        )
        self.assertIn("enter the delivery date in the tab Other Info", problems)
        move = self._move(self.old, delivery_date="2026-02-27")
        self.assertIn("on 02/27/2026", self._problems(move), "the delivery is new, too")

    def test_rate_of_no_day_names_no_delivery_date(self):
        problems = self._problems(self._move(self._tax("FI", 22)))
        self.assertIn("22 % VAT", problems)
        self.assertNotIn("delivery date", problems)

    def test_withholding_is_no_rate(self):
        self.assertFalse(self._problems(self._move(self._tax("FI", -10))))

    def test_rates_of_the_other_countries_are_known(self):
        for code, rate in (("SE", 20), ("NO", 24), ("NL", 6)):
            with self.subTest(code):
                move = self._move(self._tax(code, rate), code=code)
                self.assertIn(f"{rate} % VAT", self._problems(move))

    def test_delivery_or_invoice_in_the_time_of_the_rate_is_allowed(self):
        delivered = self._move(self.old, delivery_date="2025-12-20")
        self.assertFalse(self._problems(delivered))
        self.assertFalse(self._remarks(delivered))
        advance = self._move(self.old, **OLD, delivery_date="2026-01-20")
        self.assertFalse(self._problems(advance))
        self.assertIn('"14 %" was not in force', self._remarks(advance))

    def test_rate_of_the_future_is_refused(self):
        move = self._move(self._tax("FI", 13.5), **OLD)
        self.assertIn("on 12/30/2025 (in force: 25.5, 14, 10 %)", self._problems(move))

    def test_corrections_have_the_rate_of_their_original(self):
        original = self._move(self.old, **OLD)
        for made in (self._credit(original), self._debit(original)):
            self.assertFalse(self._problems(made))
            self.assertFalse(self._remarks(made))
        late = self._move(self.old)
        note = self._credit(late)
        self.assertFalse(self._problems(note), "what was charged is taken back")
        self.assertIn('"14 %" was not in force', self._remarks(note))

    def test_advance_at_the_old_rate_is_set_off(self):
        standard = self.taxes["FI"]["standard"]
        rows = (("Advance", -100, self.old), ("Cake", 300, standard))
        move = self._move(self.old, *rows)
        self.assertFalse(self._problems(move))
        self.assertIn('"14 %" was not in force', self._remarks(move))
        self.assertTrue(self._problems(self._move(self.old, ("Back", -1, self.old))))

    def test_rate_that_is_over_is_over_abroad_as_well(self):
        self.assertTrue(self._problems(self._move(self.old, buyer="DE")))
        nineteen = self._move(self._tax("FI", 19), buyer="DE")
        self.assertFalse(self._problems(nineteen), "of a distance sale")
        fish = self._tax("NO", 11)
        for buyer in ("NO", "DE"):
            move = self._move(fish, code="NO", buyer=buyer)
            self.assertIn("11.11", self._problems(move))

    def test_distance_sale_has_the_rate_of_the_customers_country(self):
        tax = self._tax("FI", 21)
        move = self._move(tax, buyer="NL")
        self.assertFalse(self._problems(move))
        self.assertFalse(self._remarks(move))
        self.assertTrue(self._problems(self._move(tax, buyer="SE")))
