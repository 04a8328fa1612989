"""Sellers of four countries, buyers of every kind, and every VAT category."""

from datetime import date
from itertools import product

from odoo import Command

from .common import MaventaCommon

EMPTY = {
    "vat": False,
    "company_registry": False,
    "peppol_eas": False,
    "peppol_endpoint": False,
    "state_id": False,
    "edicode": False,
    "einvoice_operator_id": False,
    "is_company": True,
    "ref": "K-77",
    "email": "buyer@example.com",
}
# Currency, VAT number, organisation number, accounts, standard rate; then how the
# seller is named: electronic address, legal id, account in the document
SELLERS = {
    "FI": {
        "vat": "FI23456780",
        "registry": False,
        "accounts": ["FI2112345600000785"],
        "rate": 25.5,
        "endpoint": ("003723456780", "0216"),
        "legal": ("2345678-0", "0212"),
        "paid_to": ("FI2112345600000785", "NDEAFIHH"),
    },
    "SE": {
        "vat": "SE556012579001",
        "registry": "556012-5790",
        "accounts": ["5050-1055", "SE4550000000058398257466"],
        "rate": 25,
        "endpoint": ("5560125790", "0007"),
        "legal": ("5560125790", "0007"),
        "paid_to": ("50501055", "SE:BANKGIRO"),
    },
    "NO": {
        "vat": "NO923609016MVA",
        "registry": False,
        "accounts": ["86011117947", "NO9386011117947"],
        "rate": 25,
        "endpoint": ("923609016", "0192"),
        "legal": ("923609016", "0192"),
        "paid_to": ("86011117947", None),
    },
    "NL": {
        "vat": "NL123456782B90",
        "registry": "12345678",
        "accounts": ["NL91ABNA0417164300"],
        "rate": 21,
        "endpoint": ("12345678", "0106"),
        "legal": ("12345678", "0106"),
        "paid_to": ("NL91ABNA0417164300", None),
    },
}
# Values of the contact; then electronic address, legal id and VAT number in documents
BUYERS = {
    "FI": (
        {"vat": "FI12345671"},
        ("003712345671", "0216"),
        ("1234567-1", "0212"),
        "FI12345671",
    ),
    "FI without VAT": (
        {"company_registry": "1234567-1"},
        ("003712345671", "0216"),
        ("1234567-1", "0212"),
        None,
    ),
    "SE": (
        {"vat": "SE202100548901"},
        ("2021005489", "0007"),
        ("2021005489", "0007"),
        "SE202100548901",
    ),
    "NO": (
        {"vat": "NO974760673MVA"},
        ("974760673", "0192"),
        ("974760673", "0192"),
        "NO974760673MVA",
    ),
    "NL": (
        {"vat": "NL123456782B90", "company_registry": "87654321"},
        ("87654321", "0106"),
        ("87654321", "0106"),
        "NL123456782B90",
    ),
    "DE": ({"vat": "DE123456788"}, ("DE123456788", "9930"), None, "DE123456788"),
    "EE": (
        {"vat": "EE123456780", "company_registry": "12345678"},
        ("12345678", "0191"),
        ("12345678", "0191"),
        "EE123456780",
    ),
    "DK": (
        {"vat": "DK12345674"},
        ("12345674", "0184"),
        ("12345674", "0184"),
        "DK12345674",
    ),
    "US": ({}, None, None, None),
    "person": ({"is_company": False}, None, None, None),
}
# Category, rate (None: the seller's), reason of the tax, who can buy so
KINDS = {
    "standard": ("S", None, False, ("home", "DE", "US", "person")),
    "zero": ("Z", 0, False, ("home", "person")),
    "exempt": ("E", 0, "VATEX-EU-132", ("home", "person")),
    "construction": ("AE", 0, False, ("home",)),
    "services": ("AE", 0, False, ("DE", "EE", "NL")),
    "goods": ("K", 0, False, ("DE", "EE", "DK")),
    "export": ("G", 0, False, ("US", "NO")),
    "outside": ("O", 0, False, ("home", "US")),
}
# What taxes say that are of the home country only
NOTES = {"zero": "<p>Zero-rated by law</p>", "construction": "<p>Reverse charge</p>"}
OUTSIDE_THE_UNION = ("NO",)


class SellersCommon(MaventaCommon):
    """``sellers``: companies by country. ``taxes``: by country and kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sellers, cls.taxes = {}, {}
        cls._ensure_rates()
        for code, facts in SELLERS.items():
            company = cls.company if code == "FI" else cls._new_company(code)
            cls.sellers[code] = company
            cls._dress_seller(company, code, facts)
            cls._name_no_rate(company)
            company.maventa_registered = "yes"
            cls.taxes[code] = cls._make_taxes(company, facts["rate"])
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer AB", "street": "Road 2", "zip": "11111", "city": "Town"}
        )

    @classmethod
    def _new_company(cls, code):
        if ready := cls._ready_company(code):
            ready.write({"name": f"Seller {code}", "active": True})
            ready = ready.with_context(active_test=True)
            cls.env.user.company_ids |= ready
            return ready
        country = cls.env["res.country"].search([("code", "=", code)])
        country.currency_id.active = True
        # The charts of these countries need not be installed.
        companies = cls.env["res.company"].with_context(chart_template_load=True)
        company = companies.create(
            {
                "name": f"Seller {code}",
                "country_id": country.id,
                "currency_id": country.currency_id.id,
            }
        ).with_env(cls.env)
        cls.env.user.company_ids |= company
        chart = cls.env["account.chart.template"]
        chart.try_loading("generic_coa", company=company, install_demo=False)
        company.currency_id = country.currency_id
        return company

    @classmethod
    def _dress_seller(cls, company, code, facts):
        company.partner_id.write(
            {
                "street": "Street 1",
                "zip": "00100",
                "city": "City",
                "vat": facts["vat"],
                "company_registry": facts["registry"],
            }
        )
        present = company.partner_id.bank_ids.mapped("sanitized_acc_number")
        for number in facts["accounts"]:
            if number in present:
                continue
            cls.env["res.partner.bank"].create(
                {
                    "acc_number": number,
                    "partner_id": company.partner_id.id,
                    "allow_out_payment": True,
                }
            )

    @classmethod
    def _make_taxes(cls, company, rate):
        return {
            kind: cls.env["account.tax"]
            .with_company(company)
            .create(
                {
                    "name": f"{kind} of matrix",
                    "type_tax_use": "sale",
                    "amount": rate if amount is None else amount,
                    "company_id": company.id,
                    "country_id": company.account_fiscal_country_id.id,
                    "ubl_cii_tax_category_code": code != "S" and code,
                    "ubl_cii_tax_exemption_reason_code": reason,
                    "invoice_legal_notes": NOTES.get(kind, False),
                }
            )
            for kind, (code, amount, reason, _buyers) in KINDS.items()
        }

    # === SHORTCUTS === #

    def _combinations(self):
        """Return seller and kind of tax, where the law of the seller knows it."""
        pairs = product(SELLERS, KINDS)
        return [
            (code, kind)
            for code, kind in pairs
            if code not in OUTSIDE_THE_UNION or kind not in ("services", "goods")
        ]

    def _buyers_of(self, code, kind):
        """Return the keys of the buyers that fit a seller and a kind of tax."""
        found = []
        for key in KINDS[kind][3]:
            keys = [code] if key == "home" else [key]
            if key == "home" and code == "FI" and kind != "construction":
                keys.append("FI without VAT")
            found += [key for key in keys if key != code or kind not in ("services",)]
        return [key for key in found if kind != "export" or key != code]

    def _dress_buyer(self, key, seller=""):
        country = seller if key == "person" else key[:2]
        values = BUYERS[key][0]
        country_id = self.env["res.country"].search([("code", "=", country)]).id
        self.buyer.write({**EMPTY, "country_id": country_id, **values})

    def _sale(self, code, kind, **values):
        """Post an invoice of two lines and a note; the order number is PO 7."""
        company = self.sellers[code]
        tax = self.taxes[code][kind]
        original = {}
        if values.get("move_type") == "out_refund" and "ref" not in values:
            original = {"maventa_original_number": "F-77"}
        lines = [
            {"name": "Snow", "quantity": 3, "price_unit": 33.33, "discount": 10},
            {"name": "Ice", "quantity": 0.333, "price_unit": 1234.56789},
        ]
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": self.buyer.id,
                    "invoice_date": "2026-03-02",
                    "delivery_date": kind == "goods" and "2026-03-01",
                    "ref": "PO 7",
                    "fiscal_position_id": False,
                    "invoice_line_ids": [
                        *(
                            Command.create(row | {"tax_ids": [Command.set(tax.ids)]})
                            for row in lines
                        ),
                        Command.create({"display_type": "line_note", "name": "Brr"}),
                    ],
                    **original,
                    **values,
                }
            )
        )
        move.action_post()
        return move

    def _credit(self, invoice):
        """Return the posted credit note, made as a user makes it."""
        wizard = (
            self.env["account.move.reversal"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "reason": "Melted",
                    "date": date(2026, 3, 3),
                }
            )
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.action_post()
        return note

    def _debit(self, invoice):
        """Return a posted debit note."""
        wizard = (
            self.env["account.debit.note"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"copy_lines": True, "reason": "More", "date": date(2026, 3, 4)})
        )
        note = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        note.action_post()
        return note
