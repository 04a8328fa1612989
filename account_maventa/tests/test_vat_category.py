from dataclasses import replace

from lxml import etree
from odoo import Command, fields
from odoo.tests import tagged

from ..maventa_api.vat_categories import Supply
from ..maventa_api.vat_territories import vat_territory
from .common_sellers import SellersCommon

# Of the charts l10n_fi, l10n_se, l10n_no and l10n_nl
OF_CHARTS = {
    "FI": {
        "tax_eu_sales_goods_0": "K",
        "tax_eu_sales_service_0": "AE",
        "tax_construct_sales_0": "AE",
        "vat0export": "G",
        "tax_dom_sales_goods_0": "Z",
    },
    "SE": {
        "sale_tax_goods_EC": "K",
        "sale_tax_services_EC": "AE",
        "sale_tax_goods_NEC": "G",
    },
    "NO": {"tax5": "E", "tax6": "O", "tax18": "AE", "tax19": "G"},
    "NL": {"btw_verk_0": "AE", "btw_X0_producten": "K", "btw_X1": "G"},
}
CATEGORY = ".//{*}ClassifiedTaxCategory/{*}ID"


@tagged("post_install", "-at_install")
class TestVatCategory(SellersCommon):
    """Categories are said by a person or by the chart, and never guessed."""

    def _zero(self, code, **values):
        company = self.sellers[code]
        return (
            self.env["account.tax"]
            .with_company(company)
            .create(
                {
                    "name": f"Zero {len(self.env['account.tax'].search([]))}",
                    "type_tax_use": "sale",
                    "amount": 0,
                    "company_id": company.id,
                    "country_id": company.account_fiscal_country_id.id,
                    **values,
                }
            )
        )

    def _problems_of(self, move, key="peppol"):
        builders = self.env["account.edi.xml.maventa"]._maventa_builders()
        return "\n".join(builders[key]._maventa_check(move))

    def _move(self, code, tax, buyer):
        self._dress_buyer(buyer, code)
        line = {"name": "Snow", "price_unit": 10, "tax_ids": [Command.set(tax.ids)]}
        values = {"delivery_date": "2026-03-01"}  # K has one
        lines = [Command.create(line)]
        return self._sale(code, "standard", invoice_line_ids=lines, **values)

    def test_taxes_of_the_four_charts_have_their_category(self):
        categories = self.env["maventa.vat.category"]
        for code, names in OF_CHARTS.items():
            for name, category in names.items():
                with self.subTest(f"{code} {name}"):
                    tax = self._zero(code)
                    self.assertIsNone(categories._of_tax(tax))
                    xmlid = f"account.{tax.company_id.id}_{name}"
                    self.env["ir.model.data"]._update_xmlids(
                        [{"xml_id": xmlid, "record": tax}]
                    )
                    self.assertEqual(categories._of_tax(tax).code, category)

    def test_what_a_person_chose_wins_over_the_chart(self):
        tax = self._zero("FI", ubl_cii_tax_category_code="O")
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"account.{self.company.id}_vat0export", "record": tax}]
        )
        self.assertEqual(self.env["maventa.vat.category"]._of_tax(tax).code, "O")

    def test_tax_that_nobody_can_classify_is_a_problem_with_a_way_to_its_form(self):
        tax = self._zero("FI", name="0 % something")
        move = self._move("FI", tax, "DE")
        for key in ("peppol", "finvoice"):
            self.assertIn(
                '"0 % something" has no tax category', self._problems_of(move, key)
            )
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_model"], "account.tax")
        self.assertEqual(link["action"]["res_id"], tax.id)
        tax.ubl_cii_tax_category_code = "K"
        self.assertFalse(self._problems_of(move))

    def test_settings_list_the_taxes_without_category_with_a_proposal(self):
        group = self.env.ref("base.europe")
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Union",
                "company_id": self.company.id,
                "country_group_id": group.id,
                "vat_required": True,
            }
        )
        values = {"fiscal_position_ids": [Command.set(position.ids)]}
        goods = self._zero("FI", tax_scope="consu", **values)
        services = self._zero("FI", tax_scope="service", **values)
        unclear = self._zero("FI")
        found = self.env["maventa.vat.category"]._unclassified(self.company)
        self.assertLessEqual(goods | services | unclear, found)
        self.assertFalse(found & self.taxes["FI"]["zero"])
        self.assertEqual(goods.maventa_category_proposal, "K")
        self.assertEqual(services.maventa_category_proposal, "AE")
        self.assertFalse(unclear.maventa_category_proposal)
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertIn(goods.name, settings.maventa_unclassified_text)
        action = settings.action_maventa_unclassified_taxes()
        self.assertEqual(action["domain"], [("id", "in", found.ids)])
        found.action_maventa_use_proposal()
        self.assertEqual(goods.ubl_cii_tax_category_code, "K")
        self.assertFalse(unclear.ubl_cii_tax_category_code)
        found.ubl_cii_tax_category_code = "E"
        settings.invalidate_recordset(["maventa_unclassified_text"])
        self.assertFalse(settings.maventa_unclassified_text, "and no name of a model")

    def test_zero_rate_of_home_is_refused_for_a_tax_payer_of_the_union(self):
        self._zero("FI", name="0 % EU services", ubl_cii_tax_category_code="AE")
        zero = self._zero("FI", name="0 %", invoice_legal_notes="<p>AVL 56 §</p>")
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"account.{self.company.id}_tax_dom_sales_goods_0",
                    "record": zero,
                }
            ]
        )
        move = self._move("FI", zero, "SE")
        for key in ("peppol", "finvoice"):
            problems = self._problems_of(move, key)
            self.assertIn('tax "0 %" of the line "Snow"', problems)
            self.assertIn('"0 % EU services"', problems)
        move.partner_shipping_id = self.company.partner_id
        self.assertFalse(self._problems_of(move), "taxed where it is delivered")
        self._dress_buyer("FI", "FI")
        move.partner_shipping_id = self.buyer
        self.assertFalse(self._problems_of(move))

    def test_category_of_another_territory_is_refused(self):
        taxes = self.taxes["FI"]
        for kind, buyer in (("export", "DE"), ("goods", "FI"), ("zero", "US")):
            with self.subTest(kind):
                move = self._move("FI", taxes[kind], buyer)
                self.assertIn("does not fit a sale", self._problems_of(move))

    def test_goods_to_aland_are_exports(self):
        move = self._move("FI", self.taxes["FI"]["export"], "FI")
        self.assertIn("does not fit a sale", self._problems_of(move))
        state = self.env["res.country.state"].create(
            {
                "name": "Åland",
                "code": "AX",
                "country_id": self.env.ref("base.fi").id,
            }
        )
        self.buyer.state_id = state
        self.assertFalse(self._problems_of(move))

    def test_goods_to_northern_ireland_are_goods_to_the_union(self):
        move = self._move("FI", self.taxes["FI"]["goods"], "DE")
        self.buyer = self.buyer.with_context(no_vat_validation=True)
        country = self.env.ref("base.uk").id
        values = {"country_id": country, "zip": "BT1 1AA", "vat": "XI123456782"}
        self.buyer.write(values)
        parties = self.env["maventa.parties"]
        self.assertEqual(parties._territory(move.partner_id), "XI")
        self.buyer.zip = False
        self.assertEqual(parties._territory(move.partner_id), "XI")
        self.buyer.zip = "SW1A 1AA"  # goods go there, whatever the number
        self.assertEqual(parties._territory(move.partner_id), "GB")
        self.assertIn("does not fit a sale", self._problems_of(move))

    def test_line_without_tax_is_refused_for_a_seller_with_vat_number(self):
        move = self._move("FI", self.env["account.tax"], "FI")
        for key in ("peppol", "finvoice"):
            self.assertIn('line "Snow" has no tax', self._problems_of(move, key))

    def test_line_without_tax_is_outside_the_scope_without_vat_number(self):
        move = self._move("FI", self.env["account.tax"], "FI")
        self.company.partner_id.write({"vat": False, "company_registry": "2345678-0"})
        builder = self.env["account.edi.xml.maventa_bis3"]
        _name, file = builder._maventa_export(move, [])
        root = etree.fromstring(file)
        self.assertEqual(root.findtext(CATEGORY), "O")

    def test_category_that_contradicts_its_rate_is_refused(self):
        tax = self._zero("FI", amount=25.5, ubl_cii_tax_category_code="AE")
        move = self._move("FI", tax, "FI")
        self.assertIn("does not fit its rate", self._problems_of(move))

    def test_reason_is_the_legal_note_of_the_tax(self):
        tax = self._zero(
            "FI",
            ubl_cii_tax_category_code="E",
            invoice_legal_notes="<p>Healthcare, section 34</p>",
        )
        move = self._move("FI", tax, "FI")
        builder = self.env["account.edi.xml.maventa_bis3"]
        root = etree.fromstring(builder._maventa_export(move, [])[1])
        path = ".//{*}TaxSubtotal//{*}TaxExemptionReason"
        self.assertEqual(root.findtext(path), "Healthcare, section 34")

    def test_outside_the_scope_beside_taxed_lines_is_refused_with_a_way_out(self):
        self._dress_buyer("FI", "FI")
        taxes = self.taxes["FI"]
        lines = [
            Command.create(
                {"name": "A", "price_unit": 5, "tax_ids": [Command.set(tax.ids)]}
            )
            for tax in (taxes["standard"], taxes["outside"])
        ]
        move = self._sale("FI", "standard", invoice_line_ids=lines)
        problems = self._problems_of(move)
        self.assertIn("Make two invoices", problems)
        self.assertNotIn("does not meet the rule", problems)

    # === REVERSE CHARGE, ZERO AT HOME === #

    def _chart(self, xmlid, **values):
        tax = self._zero("FI", **values)
        xmlid = f"account.{tax.company_id.id}_{xmlid}"
        self.env["ir.model.data"]._update_xmlids([{"xml_id": xmlid, "record": tax}])
        return tax

    def test_reverse_charge_of_the_union_is_refused_at_home_and_outside(self):
        note = "<p>Reverse charge - Article 196</p>"
        tax = self._chart("tax_eu_sales_service_0", invoice_legal_notes=note)
        own = self._zero("FI", ubl_cii_tax_category_code="AE", invoice_legal_notes=note)
        for buyer in ("FI", "NO", "US"):
            for one in (tax, own):
                problems = self._problems_of(self._move("FI", one, buyer), "finvoice")
                self.assertIn("does not fit a sale", problems)
        for one in (tax, own):
            self.assertFalse(self._problems_of(self._move("FI", one, "DE")))

    def test_reverse_charge_at_home_has_the_words_of_the_home_country(self):
        tax = self._chart("tax_construct_sales_0")
        move = self._move("FI", tax, "FI")
        builder = self.env["account.edi.xml.maventa_bis3"]
        root = etree.fromstring(builder._maventa_export(move, [])[1])
        self.assertIn("AVL 8 c", root.findtext(".//{*}TaxExemptionReason"))

    def test_zero_rate_at_home_needs_a_ground(self):
        tax = self._chart("tax_dom_sales_goods_0")
        move = self._move("FI", tax, "FI")
        self.assertIn("without a ground", self._problems_of(move))
        tax.invoice_legal_notes = "<p>AVL 56 §</p>"
        self.assertFalse(self._problems_of(move))

    # === NUMBER AND ADDRESS === #

    def test_number_of_another_country_than_the_address_is_said(self):
        taxes = self.taxes["FI"]
        move = self._move("FI", taxes["services"], "FI")
        self.buyer.vat = "SE202100548901"
        for key in ("peppol", "finvoice"):
            problems = self._problems_of(move, key)
            self.assertIn("Buyer AB has a tax number of Sweden", problems)
            self.assertIn("its address is in Finland", problems)
        self.buyer.vat = "FI12345671"
        self.assertIn("seller and customer are in Finland", self._problems_of(move))

    def test_number_of_home_is_none_of_another_member_state(self):
        taxes = self.taxes["FI"]
        for kind in ("goods", "services"):
            move = self._move("FI", taxes[kind], "DE")
            self.buyer.vat = "FI12345671"
            for key in ("peppol", "finvoice"):
                with self.subTest(f"{kind} {key}"):
                    problems = self._problems_of(move, key)
                    self.assertIn("has a tax number of Finland", problems)
                    self.assertIn("its address is in Germany", problems)
                    self.assertIn(
                        'another tax (one with VAT, "exempt of matrix")', problems
                    )

    def test_only_taxes_that_fit_are_proposed(self):
        problems = self._problems_of(self._move("FI", self.taxes["FI"]["zero"], "DE"))
        self.assertIn('"services of matrix", "goods of matrix"', problems)
        self.assertNotIn("construction", problems)

    def test_places_have_names_in_refusals(self):
        for place, name in (
            (("ES", "35001"), "the Canary Islands"),
            (("GB", "BT1 1AA"), "Northern Ireland"),
            (("FR", "97400"), "Réunion"),
            (("GB", "EC1A 1BB"), "United Kingdom"),
        ):
            move = self._move("FI", self.taxes["FI"]["services"], "DE")
            self._place(*place, vat=False)
            with self.subTest(name):
                named = self.env["maventa.place.names"]._of(
                    self.env["maventa.parties"]._territory(self.buyer)
                )
                self.assertIn(name, named)
                problems = self._problems_of(move, "finvoice")
                self.assertIn(f"to a customer in {named} with delivery", problems)

    def test_aland_has_a_name(self):
        self.assertIn("Åland", self.env["maventa.place.names"]._of("AX"))

    def test_every_place_outside_the_vat_of_its_country_has_a_name(self):
        for country, post_code in (
            *(("ES", code) for code in ("35001", "38001", "51001", "52001")),
            *(("DE", code) for code in ("27498", "78266")),
            *(("IT", code) for code in ("23041", "22061")),
            *(("FR", f"{code}00") for code in range(971, 977)),
            ("FR", "98800"),
            ("GR", "63086"),
            ("DK", "3900"),
        ):
            place = vat_territory(country, post_code=post_code)
            with self.subTest(place):
                self.assertNotEqual(self.env["maventa.place.names"]._of(place), place)

    def test_tax_that_the_company_lacks_is_described_with_who_makes_it(self):
        category_of = self.env["maventa.vat.category"]._of_tax
        company = self.sellers["FI"]
        taxes = self.env["account.tax"].search([("company_id", "=", company.id)])
        taxes.filtered(
            lambda tax: (found := category_of(tax)) and found.code == "G"
        ).active = False
        move = self._move("FI", self.taxes["FI"]["zero"], "DE")
        self._place("US", "99501", vat=False)
        problems = self._problems_of(move, "finvoice")
        self.assertIn("(a new tax of 0 % with the tax category G - ", problems)
        self.assertIn("which an accountant creates", problems)

    def test_construction_for_a_foreign_company_that_is_registered_at_home(self):
        move = self._move("FI", self.taxes["FI"]["construction"], "DE")
        self.buyer.vat = "FI12345671"
        self.assertFalse(self._problems_of(move))

    def test_reverse_charge_at_home_wants_a_number_of_home(self):
        construction = self.taxes["FI"]["construction"]
        move = self._move("FI", construction, "DE")
        for key in ("peppol", "finvoice"):
            problems = self._problems_of(move, key)
            self.assertIn("is a reverse charge of Finland", problems)
            self.assertIn("That of Buyer AB is of Germany", problems)
            self.assertIn("another tax (one with VAT", problems)
            self.assertIn('"services of matrix"', problems)
            self.assertNotIn('"construction of matrix")', problems)
        link = self.env["maventa.invoice.alerts"]._link_to_cause(move)
        self.assertEqual(link["action"]["res_id"], self.buyer.id)
        self._dress_buyer("FI", "FI")
        self.buyer.vat = "SE202100548901"
        self.assertIn("That of Buyer AB is of Sweden", self._problems_of(move))
        self.buyer.vat = "FI12345671"
        self.assertFalse(self._problems_of(move))

    def test_reverse_charge_of_charts_at_home_wants_a_number_of_home(self):
        for code, name, xmlid in (
            ("NL", "Netherlands", "btw_verk_0"),
            ("NO", "Norway", "tax18"),
        ):
            with self.subTest(code):
                tax = self._zero(code)
                xmlid = f"account.{tax.company_id.id}_{xmlid}"
                self.env["ir.model.data"]._update_xmlids(
                    [{"xml_id": xmlid, "record": tax}]
                )
                move = self._move(code, tax, "DE")
                text = f"is a reverse charge of {name}"
                self.assertIn(text, self._problems_of(move))
                self._dress_buyer(code, code)
                self.assertFalse(self._problems_of(move))

    def test_reverse_charge_of_a_few_words_may_be_one_of_the_union(self):
        tax = self._zero(
            "FI",
            ubl_cii_tax_category_code="AE",
            invoice_legal_notes="<p>Reverse charge</p>",
        )
        move = self._move("FI", tax, "DE")
        self.assertFalse(self._problems_of(move))
        move.partner_shipping_id = self.company.partner_id
        self.assertIn("is a reverse charge of Finland", self._problems_of(move))
        self.assertIn("names article 196", self._problems_of(move))
        tax.invoice_legal_notes = "<p>Reverse charge, article 196</p>"
        self.assertFalse(self._problems_of(move))

    def test_reverse_charge_of_goods_abroad_is_none_of_home(self):
        for note in ("Article 194", "Kolmikantakauppa", "Reverse charge, article 44"):
            tax = self._zero(
                "FI",
                ubl_cii_tax_category_code="AE",
                invoice_legal_notes=f"<p>{note}</p>",
            )
            self.assertFalse(self._problems_of(self._move("FI", tax, "DE")))

    # === BORDERS === #

    def _place(self, country, zip_code, **values):
        self.buyer = self.buyer.with_context(no_vat_validation=True)
        country = self.env["res.country"].search([("code", "=", country)])
        self.buyer.write({"country_id": country.id, "zip": zip_code, **values})

    def test_company_on_svalbard_is_exported_to_under_its_norwegian_number(self):
        builder = self.env["account.edi.xml.maventa_bis3"]
        number = {"vat": False, "company_registry": "974760673"}
        for country in ("SJ", "NO"):
            with self.subTest(country):
                move = self._move("NO", self.taxes["NO"]["export"], "NO")
                self._place(country, "9170", **number)
                self.assertFalse(self._problems_of(move))
                root = etree.fromstring(builder._maventa_export(move, [])[1])
                buyer = root.find("{*}AccountingCustomerParty/{*}Party")
                for path in ("{*}EndpointID", "{*}PartyLegalEntity/{*}CompanyID"):
                    found = buyer.find(path)
                    self.assertEqual(found.text, "974760673")
                    self.assertEqual(found.get("schemeID"), "0192")
                self.assertEqual(root.findtext(CATEGORY), "G")
        move = self._move("NO", self.taxes["NO"]["zero"], "NO")
        self._place("SJ", "9170", **number)
        self.assertIn("delivery in Svalbard and Jan Mayen", self._problems_of(move))

    def test_service_over_the_border_of_aland_has_vat(self):
        work = self.env["product.product"].create({"name": "Work", "type": "service"})
        move = self._move("FI", self.taxes["FI"]["export"], "FI")
        self._place("FI", "22100")
        self.assertFalse(self._problems_of(move))
        move.button_draft()
        move.invoice_line_ids.product_id = work
        move.invoice_line_ids.tax_ids = self.taxes["FI"]["export"]
        move.action_post()
        self.assertIn("(one with VAT", self._problems_of(move))

    def test_freight_of_exported_goods_is_exported(self):
        products = self.env["product.product"]
        goods = products.create({"name": "Snow", "type": "consu"})
        freight = products.create({"name": "Freight", "type": "service"})
        self._dress_buyer("FI", "FI")
        self._place("FI", "22100")
        tax = self.taxes["FI"]["export"]
        lines = [
            Command.create(
                {
                    "name": product.name,
                    "product_id": product.id,
                    "price_unit": 10,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for product in (goods, freight)
        ]
        move = self._sale("FI", "standard", invoice_line_ids=lines)
        self.assertFalse(self._problems_of(move))

    def _sold(self, tax, buyer, *rows):
        """Return an invoice of products of a type and price, under one tax."""
        self._dress_buyer(buyer, "FI")
        products = self.env["product.product"]
        lines = [
            Command.create(
                {
                    "name": kind,
                    "product_id": products.create({"name": kind, "type": kind}).id,
                    "price_unit": price,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for kind, price in rows
        ]
        values = {"delivery_date": "2026-03-01"}
        return self._sale("FI", "standard", invoice_line_ids=lines, **values)

    def test_service_that_is_more_than_its_goods_is_none_of_them(self):
        tax = self.taxes["FI"]["goods"]
        freight = self._sold(tax, "DE", ("consu", 100), ("service", 20))
        self.assertFalse(self._problems_of(freight))
        work = self._sold(tax, "DE", ("consu", 100), ("service", 4000))
        self.assertIn("is for goods, but the line sells", self._problems_of(work))

    def test_service_to_a_private_person_abroad_needs_a_ground(self):
        tax = self.taxes["FI"]["export"]
        move = self._sold(tax, "US", ("service", 50))
        self.assertFalse(self._problems_of(move, "finvoice"), "a company")
        [ground] = move.line_ids.tax_ids.mapped(
            lambda one: self.env["maventa.vat.category"]._of_tax(one)
        )
        ground = replace(ground, supply=Supply.SERVICES)
        self.assertNotIn("59", ground.ground)
        self.buyer.write({"is_company": False, "vat": False})
        for key in ("peppol", "finvoice"):
            self.assertIn("to a private person", self._problems_of(move, key))
        tax.invoice_legal_notes = "<p>AVL 69 h §</p>"
        self.assertNotIn("to a private person", self._problems_of(move, "finvoice"))

    def test_zero_rate_for_a_consumer_of_the_union_needs_a_ground(self):
        zero = self.taxes["FI"]["zero"]
        zero.invoice_legal_notes = False
        move = self._move("FI", zero, "DE")
        self.buyer.write({"is_company": False, "vat": False})
        self.assertIn('"Snow"', self._problems_of(move, "finvoice"))
        zero.invoice_legal_notes = "<p>AVL 58 §</p>"
        self.assertFalse(self._problems_of(move, "finvoice"))

    def test_vat_is_charged_under_a_vat_number_alone(self):
        for code in self.sellers:
            self._dress_buyer(code, code)
            move = self._sale(code, "standard")
            seller = self.sellers[code].partner_id
            self.assertNotIn("charges VAT", self._problems_of(move))
            seller.with_context(no_vat_validation=True).vat = False
            for key in ("peppol", "finvoice"):
                with self.subTest(seller=code, key=key):
                    self.assertIn("charges VAT", self._problems_of(move, key))

    def test_norwegian_number_without_mva_is_none_of_the_register(self):
        seller = self.sellers["NO"].partner_id.with_context(no_vat_validation=True)
        digits = seller.vat.removesuffix("MVA")
        seller.vat = digits
        named = self.env["maventa.parties"]._identifiers(seller)
        self.assertFalse(named.vat)
        self.assertEqual(named.legal.value, digits.removeprefix("NO"))

    def test_service_for_northern_ireland_is_outside_the_union(self):
        work = self.env["product.product"].create({"name": "Work", "type": "service"})
        goods = self.env["product.product"].create({"name": "Ice", "type": "consu"})
        tax = self.taxes["FI"]["export"]
        for product, problem in ((work, ""), (goods, '"goods of matrix"')):
            move = self._move("FI", tax, "DE")
            self._place("GB", "BT1 1AA", vat="XI123456782")
            move.button_draft()
            move.invoice_line_ids.product_id = product
            move.invoice_line_ids.tax_ids = tax
            move.action_post()
            problems = self._problems_of(move, "finvoice")
            self.assertIn(problem, problems)
            self.assertEqual(bool(problems), bool(problem))

    def test_customer_without_country_is_told_what_the_number_says(self):
        move = self._move("FI", self.taxes["FI"]["construction"], "FI")
        self.buyer.country_id = False
        for key in ("peppol", "finvoice"):
            problems = self._problems_of(move, key)
            self.assertIn("has no country, though its tax number FI12345671", problems)
            self.assertIn("Enter the country on the contact", problems)
            self.assertNotIn("no electronic address", problems)
        self.buyer.vat = False
        for key in ("peppol", "finvoice"):
            self.assertIn(
                "Buyer AB has no country. Enter", self._problems_of(move, key)
            )

    def test_number_that_is_not_valid_is_not_called_missing(self):
        move = self._move("FI", self.taxes["FI"]["goods"], "DE")
        self.buyer = self.buyer.with_context(no_vat_validation=True)
        for number in ("SE202100548801", "X1"):
            self.buyer.vat = number
            for key in ("peppol", "finvoice"):
                with self.subTest(f"{number} {key}"):
                    problems = self._problems_of(move, key)
                    self.assertIn(f"The tax number {number} of Buyer AB", problems)
                    self.assertNotIn("requires the tax number", problems)
        self.buyer.vat = False
        for key in ("peppol", "finvoice"):
            problems = self._problems_of(move, key)
            self.assertIn("a customer without one is charged VAT", problems)

    def test_number_that_is_not_valid_is_not_left_out(self):
        move = self._move("FI", self.taxes["FI"]["standard"], "FI")
        self.buyer = self.buyer.with_context(no_vat_validation=True)
        self.buyer.vat = "FI12345670"
        for key in ("peppol", "finvoice"):
            text = "The tax number FI12345670 of Buyer AB is not valid"
            self.assertIn(text, self._problems_of(move, key))

    # === HEAD === #

    def test_foreign_currency_without_a_rate_is_refused(self):
        self._dress_buyer("FI", "FI")
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "Q"})
        move = self._sale("FI", "standard", currency_id=currency.id)
        for key in ("peppol", "finvoice"):
            self.assertIn("no rate of XQQ", self._problems_of(move, key))
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-03-01", "rate": 2}
        )
        self.assertIn("no rate of XQQ", self._problems_of(move), "still booked at 1")
        move.button_draft()
        move.invalidate_recordset(["expected_currency_rate"])
        move.refresh_invoice_currency_rate()
        move.action_post()
        self.assertFalse(self._problems_of(move))

    def test_credit_note_must_name_its_original(self):
        self._dress_buyer("FI", "FI")
        note = self._sale("FI", "standard", move_type="out_refund", ref=False)
        for key in ("peppol", "finvoice"):
            self.assertIn("must name its original", self._problems_of(note, key))
        typed = self._sale("FI", "standard", move_type="out_refund", ref="OLD/77")
        self.assertIn("must name its original", self._problems_of(typed))
        typed.maventa_original_number = "OLD/77"
        self.assertFalse(self._problems_of(typed))
        builder = self.env["account.edi.xml.maventa_bis3"]
        root = etree.fromstring(builder._maventa_export(typed, [])[1])
        path = "{*}BillingReference/{*}InvoiceDocumentReference/{*}ID"
        self.assertEqual(root.findtext(path), "OLD/77")
        remarks = "\n".join(builder._maventa_remarks(typed))
        self.assertIn("names OLD/77 as its original", remarks)

    def _credited(self, move, **values):
        """Return a posted credit note of an invoice, with other values."""
        note = move._reverse_moves([{"invoice_date": move.invoice_date}])
        note.write(values)
        note.action_post()
        return note

    def test_credit_note_corrects_no_more_than_was_invoiced(self):
        self._dress_buyer("FI", "FI")
        move = self._sale("FI", "standard")
        first = self._credited(move)
        self.assertFalse(self._problems_of(first))
        second = self._credited(move)
        for key in ("peppol", "finvoice"):
            self.assertIn("altogether", self._problems_of(second, key))

    def test_credit_note_is_for_the_customer_of_its_original_and_not_older(self):
        self._dress_buyer("FI", "FI")
        move = self._sale("FI", "standard")
        day = fields.Date.subtract(move.invoice_date, days=3)
        other = self.buyer.copy({"name": "Somebody else"})
        note = self._credited(move, invoice_date=day, partner_id=other.id)
        problems = self._problems_of(note)
        self.assertIn("is older than its original", problems)
        self.assertIn("which is an invoice for", problems)

    def test_invoice_of_a_later_day_is_refused(self):
        self._dress_buyer("FI", "FI")
        later = fields.Date.add(fields.Date.today(), days=3)
        move = self._sale("FI", "standard", invoice_date=later)
        for key in ("peppol", "finvoice"):
            self.assertIn("in the future", self._problems_of(move, key))

    def _builder_of(self, key):
        return self.env["account.edi.xml.maventa"]._maventa_builders()[key]
