"""Accounts of Odoo's charts whose purchases have no VAT to deduct, or only a part.

The keys are the names in the charts' templates (``l10n_fi``, ``l10n_se``, ``l10n_no``,
``l10n_nl`` of Odoo 19.0); an account bears them behind ``account.<company>_``. Only
accounts that the charts keep for such purchases are here.

Sources. FI: AVL (1501/1993) 114 §, items 3 (entertainment) and 5 (passenger cars).
SE: ML (2023:200) chapter 13: entertainment up to a sum per person, half of the hire of
passenger cars; their fuel and repair are deductible. NO: mval. § 8-3 (entertainment,
gifts, meals of employees) and § 8-4 (passenger cars). NL: Wet OB 1968, article 15 (5)
(food and drink in restaurants); gifts and benefits of employees (BUA) and private use
of cars are corrected at the end of the year, not on each bill.
"""

from __future__ import annotations

from .chart_taxes import chart_of, name_in_chart

LIMITED: dict[str, dict[str, str]] = {
    "FI": {
        "account_1173": "AVL 114 §",  # cars
        "account_7500": "AVL 114 §",  # leasing of vehicles
        "account_7520": "AVL 114 §",  # hire of vehicles
        "account_7530": "AVL 114 §",  # fuel
        "account_7540": "AVL 114 §",  # service and repair
        "account_7550": "AVL 114 §",  # tyres, accessories
        "account_7610": "AVL 114 §",  # other costs of vehicles
        "account_7950": "AVL 114 §",  # entertainment
        "account_7960": "AVL 114 §",
        "account_7970": "AVL 114 §",
        "account_7980": "AVL 114 §",
        "account_7990": "AVL 114 §",
        "account_8190": "AVL 114 §",
    },
    "SE": {
        "a5615": "ML 13 kap.",  # leasing of passenger cars
        "a5820": "ML 13 kap.",  # hire of cars
        "a6071": "ML 13 kap.",  # entertainment
        "a6072": "ML 13 kap.",
        "a7631": "ML 13 kap.",  # of employees
        "a7632": "ML 13 kap.",
    },
    "NO": {
        "chart1230": "mval. § 8-4",  # passenger cars
        "chart5900": "mval. § 8-3",  # gifts to employees
        "chart5905": "mval. § 8-3",
        "chart5910": "mval. § 8-3",  # canteen
        "chart7350": "mval. § 8-3",  # entertainment
        "chart7360": "mval. § 8-3",
        "chart7420": "mval. § 8-3",  # gifts
        "chart7430": "mval. § 8-3",
    },
    "NL": {"4515": "Wet OB 1968, art. 15 (5)"},  # entertainment
}


def limit_of_account(country: str, xmlid: str) -> str:
    """Return the law that limits what is deducted on an account, or nothing.

    :param country: of the company's chart
    :param xmlid: the external id of the account, with or without module and company
    """
    return LIMITED.get(chart_of(country), {}).get(name_in_chart(xmlid), "")
