from odoo import Command
from odoo.tests import tagged

from .common_documents import DocumentsCommon

SELLER = "{*}AccountingSupplierParty/{*}Party"
PAID_TO = "{*}PaymentMeans/{*}PayeeFinancialAccount/{*}ID"
SWEDISH = "SE556012579001"


@tagged("post_install", "-at_install")
class TestSeller(DocumentsCommon):
    """Who sells, under which VAT number, and where to pay: formats and paper agree."""

    # === BRANCH === #

    def _branch(self):
        """Return a branch that invoices under the number of the Finnish company."""
        branch = self.env["res.company"].create(
            {
                "name": "Tampereen toimipiste",
                "parent_id": self.company.id,
                "country_id": self.env.ref("base.fi").id,
                "street": "Sivukuja 3",
                "zip": "33200",
                "city": "Tampere",
            }
        )
        self.env.cr.precommit.run()  # loads the chart of accounts
        branch.vat = False
        branch.company_registry = False
        self.env.user.company_ids |= branch
        return branch

    def _of_branch(self):
        branch = self._branch()
        self._dress_buyer("FI", "FI")
        companies = (branch | self.company).ids
        moves = self.env["account.move"].with_context(allowed_company_ids=companies)
        tax = self.taxes["FI"]["standard"]
        line = {"name": "Snow", "price_unit": 100, "tax_ids": [Command.set(tax.ids)]}
        move = moves.create(
            {
                "move_type": "out_invoice",
                "company_id": branch.id,
                "partner_id": self.buyer.id,
                "invoice_date": "2026-03-02",
                "fiscal_position_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        return move

    def test_branch_without_a_number_sells_as_its_parent(self):
        move, name = self._of_branch(), self.company.name
        party = self._ubl(move).find(SELLER)
        address = party.find("{*}PostalAddress")
        self.assertEqual(
            [
                party.findtext("{*}PartyLegalEntity/{*}RegistrationName"),
                party.findtext("{*}PartyName/{*}Name"),
                party.findtext("{*}PartyTaxScheme/{*}CompanyID"),
                address.findtext("{*}StreetName"),
                address.findtext("{*}CityName"),
                address.findtext("{*}PostalZone"),
            ],
            [name, name, "FI23456780", "Street 1", "City", "00100"],
        )
        party = self._finvoice(move).find("SellerPartyDetails")
        address = party.find("SellerPostalAddressDetails")
        self.assertEqual(
            [
                party.findtext("SellerOrganisationName"),
                party.findtext("SellerOrganisationTaxCode"),
                address.findtext("SellerStreetName"),
                address.findtext("SellerTownName"),
            ],
            [name, "FI23456780", "Street 1", "City"],
        )
        printed = self._printed(move)
        for text in (f"Seller: {name}, Street 1", "FI23456780"):
            self.assertIn(text, printed)
        self.assertFalse(move.partner_bank_id)
        self.assertIn("Account: FI2112345600000785", printed)

    def test_layout_that_names_the_parent_is_enough(self):
        move = self._of_branch()
        details = "<p>%s, Street 1, 00100 City, Finland, FI23456780</p>"
        move.company_id.write(
            {
                "company_details": details % self.company.name,
                "report_footer": "<p>FI21 1234 5600 0007 85</p>",
            }
        )
        printed = self._printed(move)
        self.assertEqual(printed.count("FI23456780"), 1)
        for text in ("Seller: ", "Account: "):
            self.assertNotIn(text, printed)

    # === ACCOUNTS === #

    def test_customer_abroad_is_told_the_iban(self):
        iban = "SE4550000000058398257466"
        for buyer, numbers in (("FI", [iban, "50501055"]), ("SE", ["50501055"])):
            with self.subTest(buyer):
                move = self._move("SE", [self.taxes["SE"]["standard"]], buyer)
                found = [node.text for node in self._ubl(move).findall(PAID_TO)]
                self.assertEqual(found, numbers)
                is_told = f"Account: {iban}" in self._printed(move)
                self.assertEqual(is_told, len(numbers) > 1)

    def test_seller_without_an_iban_is_told_of_a_customer_abroad(self):
        self.sellers["SE"].partner_id.bank_ids[-1].unlink()
        for buyer in ("FI", "SE"):
            move = self._move("SE", [self.taxes["SE"]["standard"]], buyer)
            remarks = self._builder_of("peppol")._maventa_remarks(move)
            said = "no account with an IBAN" in "\n".join(remarks)
            self.assertEqual(said, buyer == "FI")

    def test_swedish_account_of_eleven_digits_is_none_of_norway(self):
        self.sellers["SE"].partner_id.bank_ids.unlink()
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "6000 1234567",
                "partner_id": self.sellers["SE"].partner_id.id,
                "allow_out_payment": True,
            }
        )
        move = self._move(
            "SE", [self.taxes["SE"]["standard"]], "SE", partner_bank_id=bank.id
        )
        self.assertFalse(self._builder_of("peppol")._maventa_check(move))
        self.assertEqual(self._ubl(move).findtext(PAID_TO), "60001234567")

    # === VAT NUMBER OF ANOTHER COUNTRY === #

    def _position(self, **values):
        return self.env["account.fiscal.position"].create(
            {
                "name": "Sweden",
                "company_id": self.company.id,
                "country_id": self.env.ref("base.se").id,
                "foreign_vat": SWEDISH,
                **values,
            }
        )

    def _swedish_tax(self, amount=25, **values):
        country = self.env.ref("base.se")
        group = self.env["account.tax.group"].create(
            {
                "name": "Moms",
                "company_id": self.company.id,
                "country_id": country.id,
            }
        )
        return self._tax(
            "FI", amount, country_id=country.id, tax_group_id=group.id, **values
        )

    def _under(self, position, tax, buyer, **values):
        values.setdefault("currency_id", self.env.ref("base.SEK").id)
        return self._move("FI", [tax], buyer, fiscal_position_id=position.id, **values)

    def _assert_number(self, move, number, without):
        party = self._ubl(move).find(SELLER)
        self.assertEqual(party.findtext("{*}PartyTaxScheme/{*}CompanyID"), number)
        self.assertEqual(
            party.findtext("{*}PartyLegalEntity/{*}CompanyID"), "2345678-0"
        )
        party = self._finvoice(move).find("SellerPartyDetails")
        self.assertEqual(party.findtext("SellerOrganisationTaxCode"), number)
        printed = self._printed(move)
        self.assertEqual(printed.count(number), 1)
        self.assertNotIn(without, printed)
        self.assertIn("2345678-0", printed)

    def test_supply_under_a_foreign_number_names_it(self):
        self.env.ref("base.SEK").active = True
        move = self._under(self._position(), self._swedish_tax(), "SE")
        self._assert_passes(move)
        self._assert_number(move, SWEDISH, "FI23456780")

    def test_goods_from_a_stock_abroad_are_of_its_country(self):
        position = self._position()
        goods = self._swedish_tax(0, ubl_cii_tax_category_code="K")
        move = self._under(position, goods, "DE")
        self._assert_passes(move)
        self._assert_number(move, SWEDISH, "FI23456780")
        self._assert_passes(self._under(position, goods, "FI"))
        home = self._under(position, goods, "SE")
        self._assert_refused(home, "sale from Sweden to a customer in Sweden")

    def test_rate_is_that_of_the_country_of_the_number(self):
        position = self._position()
        move = self._under(position, self._swedish_tax(24), "SE")
        self._assert_refused(move, "24 % VAT, which is not in force", "in force: 25")

    def test_vat_of_another_country_is_stated_in_its_currency(self):
        euro, krona = self.company.currency_id, self.env.ref("base.SEK")
        tax, position = self._swedish_tax(), self._position()
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", krona.id)]).unlink()
        move = self._under(position, tax, "SE", currency_id=euro.id)
        self._assert_refused(move, "has to be stated in SEK", "Enter the rate")
        rates.create({"currency_id": krona.id, "name": "2026-03-01", "rate": 11})
        self._assert_passes(move)
        amounts = {
            node.get("currencyID"): node.text
            for node in self._ubl(move).findall("{*}TaxTotal/{*}TaxAmount")
        }
        self.assertEqual(amounts["SEK"], "275.00")
        for texts in (" ".join(self._free_texts(move)), self._printed(move)):
            self.assertRegex(texts, r"VAT in SEK: \D*275\.00")

    def test_number_that_is_taken_away_later_is_refused(self):
        position, tax = self._position(), self._swedish_tax()
        move = self._under(position, tax, "SE")
        position.foreign_vat = False
        self._assert_refused(
            move, "is of Sweden, but the invoice is under your tax number of Finland"
        )

    def test_malformed_foreign_number_is_refused_with_the_position(self):
        position = self._position()
        move = self._under(position, self._swedish_tax(), "SE")
        self.env.cr.execute(
            "UPDATE account_fiscal_position SET foreign_vat = %s WHERE id = %s",
            ("SE123", position.id),
        )
        position.invalidate_recordset(["foreign_vat"])
        self._assert_refused(move, "tax number SE123")
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_model"], "account.fiscal.position")
