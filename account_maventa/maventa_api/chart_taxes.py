"""VAT categories of the sales taxes that Odoo's four charts bring.

The keys are the names in the charts' templates (``l10n_fi``, ``l10n_se``, ``l10n_no``,
``l10n_nl`` of Odoo 19.0); a tax of a company bears them behind ``account.<company>_``.
What a chart leaves open (installation abroad, distance sales) is not here: a person has
to say. Taxes with a rate are standard rated, in every chart.
"""

from __future__ import annotations

import re

from .vat_categories import VatCategory

# What only taxes of the home country say: a reverse charge that is none of article 196
HOME_REVERSE = {
    "FI": {"tax_construct_sales_0"},
    "NO": {"tax18"},
    "NL": {"btw_verk_0"},
    "SE": {  # of purchases; the chart has them with those of the Union
        "purchase_construction_services_tax_25_EC",
        "purchase_construction_services_tax_12_EC",
        "purchase_construction_services_tax_6_EC",
    },
}
# Of purchases, in charts without fiscal positions: services from abroad, of which the
# buyer owes the VAT (merverdiavgiftsloven § 3-30 and § 11-3). That of goods is owed by
# the customs declaration (§ 3-29), of another base than the invoice.
FROM_ABROAD = {"NO": {"services": "tax25"}}  # 86
# Reverse charges of goods: triangulation (directive 2006/112/EC, article 141)
TRIANGULAR = {"vat0triangulation", "triangular_tax_0_goods", "btw_X0_ABC_levering"}
NORWEGIAN_EXEMPT = "Exempt under the Norwegian VAT Act, chapter 3"
NORWEGIAN_ZERO = "Zero-rated under the Norwegian VAT Act, chapter 6"

CHARTS: dict[str, dict[str, VatCategory]] = {
    "FI": {
        "tax_dom_sales_goods_0": VatCategory("Z"),
        "tax_eu_sales_goods_0": VatCategory("K"),
        "tax_eu_sales_service_0": VatCategory("AE"),
        "vat0triangulation": VatCategory("AE"),
        "tax_construct_sales_0": VatCategory(
            "AE", reason="Käännetty verovelvollisuus, AVL 8 c §"
        ),
        "aland_sales_0": VatCategory("G"),  # outside the VAT territory of the Union
        "vat0export": VatCategory("G"),
    },
    "SE": {
        "sale_tax_goods_EC": VatCategory("K"),
        "sale_tax_services_EC": VatCategory("AE"),
        "sale_tax_goods_NEC": VatCategory("G"),
        "sale_tax_services_NEC": VatCategory("G"),
        "triangular_tax_0_goods": VatCategory("AE"),
    },
    "NO": {  # the numbers are those of SAF-T
        "tax4": VatCategory("Z", reason=NORWEGIAN_ZERO),  # 5
        "tax5": VatCategory("E", reason=NORWEGIAN_EXEMPT),  # 6
        "tax6": VatCategory("O"),  # 7
        "tax18": VatCategory("AE"),  # 51
        "tax19": VatCategory("G"),  # 52
    },
    "NL": {
        "btw_0": VatCategory("Z"),  # a person states the ground
        "btw_0_d": VatCategory("Z"),
        "btw_verk_0": VatCategory("AE", reason="Btw verlegd"),
        "btw_X0_producten": VatCategory("K"),
        "btw_X0_diensten": VatCategory("AE"),
        "btw_X0_ABC_levering": VatCategory("AE"),
        "btw_X1": VatCategory("G"),
    },
}


def category_of_chart(country: str, xmlid: str) -> VatCategory | None:
    """Return the category of a tax without a rate, if its chart decides it.

    :param country: of the company's chart
    :param xmlid: the external id of the tax, with or without module and company
    """
    return CHARTS.get(chart_of(country), {}).get(name_in_chart(xmlid))


def is_home_reverse(country: str, xmlid: str) -> bool:
    """Tell whether a tax of a chart is a reverse charge of the home country.

    :param country: of the company's chart
    :param xmlid: as for :func:`category_of_chart`
    """
    return name_in_chart(xmlid) in HOME_REVERSE.get(chart_of(country), ())


def tax_from_abroad(country: str, supply: str) -> str:
    """Return the name of the tax for purchases abroad, where no position has it.

    :param country: of the company's chart
    :param supply: ``goods`` or ``services``
    """
    return FROM_ABROAD.get(chart_of(country), {}).get(supply, "")


def is_triangular(xmlid: str) -> bool:
    """Tell whether a tax of a chart is for goods that go from state to state.

    :param xmlid: as for :func:`category_of_chart`
    """
    return name_in_chart(xmlid) in TRIANGULAR


def chart_of(country: str) -> str:
    """Return the country whose chart a country has: Åland's is Finland's."""
    return "FI" if country == "AX" else country


def name_in_chart(xmlid: str) -> str:
    """Return an external id without its module and company."""
    return re.sub(r"^[0-9]+_", "", xmlid.rpartition(".")[2])
