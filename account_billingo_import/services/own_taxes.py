"""Taxes for the tax map: the Hungarian chart's, and those that the chart lacks.

The chart has no tax for the buyer's side of domestic reverse charge, none for cash
accounting, and none for some sales. They are made here, with the boxes and accounts of
the chart's own taxes.
"""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Command

from ..billingo_api.regimes import MEANING, TITLES, Regime
from ..billingo_api.vat_codes import MARGIN_TITLES
from ..guards import internal

DOMESTIC, EU, OTHER = ("domestic",), ("eu",), ("other",)
ABROAD, EVERYWHERE = EU + OTHER, DOMESTIC + EU + OTHER
RATES = ("27%", "18%", "5%")
# Where cash accounting keeps VAT until it is paid: next to the chart's 466 and 467.
TRANSITION = {
    "sale": ("467900", "VAT payable when paid", "liability_current"),
    "purchase": ("466900", "VAT deductible when paid", "asset_current"),
}


@dataclass(frozen=True)
class OwnTax:
    """A tax that the chart lacks.

    :ivar kind: NAV's case, as ``l10n_hu_tax_type`` names it
    :ivar base: the chart's tax whose boxes the base has
    :ivar shares: percentages of the VAT, each with the chart's tax whose account and
        box it has
    :ivar on_payment: due or deductible when paid
    """

    name: str
    use: str
    kind: str
    amount: float = 0.0
    base: str = ""
    shares: tuple = ((100, ""),)
    on_payment: bool = False


def _cash(like, use, amount):
    return OwnTax(
        f"{amount}% cash accounting",
        use,
        "VAT",
        amount,
        like,
        ((100, like),),
        on_payment=True,
    )


MARGIN_NAMES = {
    "TRAVEL_AGENCY": "travel agency",
    "SECOND_HAND": "second-hand",
    "ARTWORK": "artwork",
    "ANTIQUES": "antiques",
}
OWN = {
    "sale FAD": OwnTax("0% FAD", "sale", "DOMESTIC_REVERSE"),
    "sale EUFAD37": OwnTax("0% EUFAD37", "sale", "EUFAD37", base="FEUSZ"),
    "sale KBAUK": OwnTax("0% KBAUK", "sale", "KBAUK", base="FEUT"),
    "sale EUFADE": OwnTax("0% EUFADE", "sale", "EUFADE"),
    "sale EUE": OwnTax("0% EUE", "sale", "EUE"),
    "sale HO": OwnTax("0% HO", "sale", "HO", base="FKKS"),
    "purchase FAD": OwnTax(
        "27% FAD",
        "purchase",
        "DOMESTIC_REVERSE",
        27.0,
        "VF",
        ((100, "V27"), (-100, "F27")),
    ),
    "purchase FAD not deductible": OwnTax(
        "27% FAD, not deductible",
        "purchase",
        "DOMESTIC_REVERSE",
        27.0,
        "VF",
        ((100, ""), (-100, "F27")),
    ),
    "purchase FAD advance": OwnTax("0% FAD advance", "purchase", "DOMESTIC_REVERSE"),
    "purchase KBAET advance": OwnTax("0% KBAET advance", "purchase", "KBAET"),
    "sale KBAET advance": OwnTax("0% KBAET advance", "sale", "KBAET"),
    **{
        f"{use} {title}": OwnTax(f"0% K.AFA {name}", use, title)
        for use in ("sale", "purchase")
        for title, name in MARGIN_NAMES.items()
    },
    **{f"F{rate} cash": _cash(f"F{rate}", "sale", rate) for rate in (27, 18, 5)},
    **{f"V{rate} cash": _cash(f"V{rate}", "purchase", rate) for rate in (27, 18, 5)},
}
# Regime -> groups of countries, and the tax. What the law leaves open has no row:
# a person answers it once. ``{title}`` is the entitlement of a margin scheme.
SALES = {
    Regime.SMALL_BUSINESS: (EVERYWHERE, "FA"),
    Regime.PUBLIC_INTEREST: (EVERYWHERE, "FT"),
    Regime.OUT_OF_SCOPE: (EVERYWHERE, "FKKS"),
    Regime.DOMESTIC_REVERSE: (DOMESTIC, "sale FAD"),
    Regime.EU_GOODS: (EU, "FEUT"),
    Regime.EU_NEW_VEHICLE: (EU, "sale KBAUK"),
    Regime.EU_SERVICE: (EU, "sale EUFAD37"),
    Regime.EU_REVERSE: (ABROAD, "sale EUFADE"),
    Regime.EU_SELLER: (EVERYWHERE, "sale EUE"),
    Regime.THIRD_COUNTRY: (OTHER, "sale HO"),
    Regime.EXPORT: (EVERYWHERE, "FEXT"),
    Regime.INTERNATIONAL: (EVERYWHERE, "FEXS"),
    Regime.MARGIN: (EVERYWHERE, "sale {title}"),
}
PURCHASES = {
    Regime.SMALL_BUSINESS: (DOMESTIC, "VA"),
    Regime.PUBLIC_INTEREST: (DOMESTIC, "VT"),
    Regime.OUT_OF_SCOPE: (EVERYWHERE, "VKKS"),
    Regime.DOMESTIC_REVERSE: (DOMESTIC, "purchase FAD"),
    Regime.EU_GOODS: (EU, "VEU27T"),
    Regime.EU_NEW_VEHICLE: (EU, "VEU27TE"),
    Regime.EU_SERVICE: (EU, "VEU27S"),
    Regime.THIRD_COUNTRY: (OTHER, "VIMS"),
    Regime.MARGIN: (EVERYWHERE, "purchase {title}"),
}
# Advances that create no tax are in no box.
ADVANCES = {
    ("sale", Regime.EU_GOODS): "sale KBAET advance",
    ("sale", Regime.EU_NEW_VEHICLE): "sale KBAET advance",
    ("purchase", Regime.DOMESTIC_REVERSE): "purchase FAD advance",
    ("purchase", Regime.EU_GOODS): "purchase KBAET advance",
    ("purchase", Regime.EU_NEW_VEHICLE): "purchase KBAET advance",
}
# Only spendings have these as codes of their own.
NAV_CASES = frozenset(
    {"ATK", "KBAET", "KBAUK", "EAM", "EUFAD37", "EUFADE", "EUE", "HO", "NAM"}
    | {"NAM_1", "NAM_2", *MARGIN_TITLES, "WITHOUT_ENTITLEMENT"}
)


def seeded_rows():
    """Yield direction, code, entitlement, group, tax and tax under cash accounting.

    Taxes by the chart's xml ids, or by the keys of ``OWN``.
    """
    for letter, direction, groups in (
        ("F", "sale", EVERYWHERE),
        ("V", "purchase", DOMESTIC),
    ):
        for code in RATES:
            tax = letter + code.strip("%")
            for group in groups:
                yield direction, code, "", group, tax, f"{tax} cash"
    for code, title, regime in _pairs():
        for direction, table in (("sale", SALES), ("purchase", PURCHASES)):
            if regime not in table or (direction == "sale" and code in NAV_CASES):
                continue
            groups, tax = table[regime]
            for group in groups:
                yield direction, code, title, group, tax.format(title=title or code), ""


def _pairs():
    """Yield what codes mean, by themselves or with an entitlement."""
    for code, regime in MEANING.items():
        if regime:
            yield code, "", regime
            continue
        for title in sorted(TITLES[code]):
            yield code, title, MEANING[title]


@internal
class BillingoOwnTaxes(models.AbstractModel):
    _name = "billingo.own.taxes"
    _description = "Taxes for Billingo's VAT codes"

    # === PUBLIC === #

    @api.model
    def _seed(self, company):
        """Fill the company's tax map; existing rows stay as they are.

        Only for the Hungarian chart. Does not commit.
        """
        if company.chart_template != "hu":
            return
        company = company.with_company(company)
        maps = self.env["billingo.tax.map"].with_company(company)
        known = {
            (row.direction, row.vat_code, row.entitlement or "", row.partner_group)
            for row in maps.search(
                [
                    ("company_id", "=", company.id),
                    ("connection_id", "=", False),
                    ("country_id", "=", False),
                ]
            )
        }
        taxes = {"": self.env["account.tax"]}
        values = []
        for direction, code, title, group, name, cash_name in seeded_rows():
            if (direction, code, title, group) in known:
                continue
            for key in (name, cash_name):
                if key not in taxes:
                    taxes[key] = self._tax(company, key)
            if taxes[name]:
                values.append(
                    {
                        "company_id": company.id,
                        "direction": direction,
                        "vat_code": code,
                        "entitlement": title or False,
                        "partner_group": group,
                        "tax_id": taxes[name].id,
                        "cash_tax_id": taxes[cash_name].id,
                    }
                )
        if values and "purchase FAD not deductible" not in taxes:
            self._tax(company, "purchase FAD not deductible")  # to be chosen by hand
        maps.create(values)

    @api.model
    def _tax(self, company, key):
        """Return a tax by the chart's xml id or a key of ``OWN``, made if it lacks."""
        if key not in OWN:
            return self._chart(company, key)
        own = OWN[key]
        lines = self._repartition(company, own)
        if lines is None:
            return self.env["account.tax"]
        candidates = self.env["account.tax"].search(
            [
                ("company_id", "=", company.id),
                ("type_tax_use", "=", own.use),
                ("l10n_hu_tax_type", "=", own.kind),
                ("amount", "=", own.amount),
                (
                    "tax_exigibility",
                    "=",
                    "on_payment" if own.on_payment else "on_invoice",
                ),
            ]
        )
        wanted = self._signature(lines)
        for tax in candidates:
            if self._signature_of(tax) == wanted:
                return tax
        return self._create(company, own, lines)

    @api.model
    def _advance_tax(self, company, direction, regime):
        """Return the tax of advances that create no tax, or none where they do."""
        key = ADVANCES.get((direction, regime))
        if not key or company.chart_template != "hu":
            return self.env["account.tax"]
        return self.with_company(company)._tax(company, key)

    # === HELPERS === #

    def _chart(self, company, xmlid):
        chart = self.env["account.chart.template"].with_company(company)
        found = xmlid and chart.ref(xmlid, raise_if_not_found=False)
        return found or self.env["account.tax"]

    def _repartition(self, company, own):
        """Return the repartition lines: type, percentage, account id and tag ids.

        None if the chart's taxes that they copy are missing.
        """
        names = {own.base, *(name for _share, name in own.shares)} - {""}
        chart = {name: self._chart(company, name) for name in names}
        if not all(chart.values()):
            return None
        base = chart.get(own.base, self.env["account.tax"])
        lines = [("base", 100.0, False, self._line(base, "base").tag_ids.ids)]
        for share, name in own.shares:
            like = self._line(chart.get(name, self.env["account.tax"]), "tax")
            lines.append(("tax", float(share), like.account_id.id, like.tag_ids.ids))
        return lines

    def _line(self, tax, kind):
        lines = tax.invoice_repartition_line_ids
        return lines.filtered(lambda x: x.repartition_type == kind)[:1]

    def _signature(self, lines):
        return sorted(
            (kind, share, account, tuple(sorted(tags)))
            for kind, share, account, tags in lines
        )

    def _signature_of(self, tax):
        return self._signature(
            (x.repartition_type, x.factor_percent, x.account_id.id, x.tag_ids.ids)
            for x in tax.invoice_repartition_line_ids
        )

    def _create(self, company, own, lines):
        commands = [
            Command.create(
                {
                    "repartition_type": kind,
                    "factor_percent": share,
                    "account_id": account,
                    "tag_ids": [Command.set(tags)],
                }
            )
            for kind, share, account, tags in lines
        ]
        rate = own.amount and f"{own.amount:g}"
        like = self._chart(company, f"{'F' if own.use == 'sale' else 'V'}{rate or 'T'}")
        values = {
            "name": self._free_name(company, own),
            "company_id": company.id,
            "country_id": company.account_fiscal_country_id.id,
            "type_tax_use": own.use,
            "amount": own.amount,
            "tax_group_id": like.tax_group_id.id,
            "l10n_hu_tax_type": own.kind,
            "invoice_repartition_line_ids": commands,
            "refund_repartition_line_ids": commands,
        }
        if own.on_payment:
            values |= {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self._transition(
                    company, own.use
                ).id,
            }
            company.tax_exigibility = True
        return self.env["account.tax"].create(values)

    def _free_name(self, company, own):
        taken = [
            ("company_id", "=", company.id),
            ("type_tax_use", "=", own.use),
            ("name", "=", own.name),
        ]
        if self.env["account.tax"].with_context(active_test=False).search_count(taken):
            return f"{own.name} (Billingo)"
        return own.name

    def _transition(self, company, use):
        """Return the account of VAT that is not paid yet, made if it lacks."""
        code, name, account_type = TRANSITION[use]
        accounts = self.env["account.account"].with_company(company)
        domain = [
            *accounts._check_company_domain(company),
            ("code", "=", code),
            ("reconcile", "=", True),
        ]
        return accounts.search(domain, limit=1) or accounts.create(
            {
                "code": code,
                "name": name,
                "account_type": account_type,
                "reconcile": True,
                "company_ids": [Command.link(company.id)],
            }
        )
