"""How Billingo makes a document: lines, totals, numbers, and what refers to what."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .parties import Party, check_digit

UNNUMBERED = frozenset({"draft", "draft_offer"})


def number(value: Decimal) -> int | float:
    """The JSON number: whole ones without a fraction."""
    return int(value) if value == int(value) else float(value)


def rounded(value: Decimal | int | float, digits: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def rate_of(vat: str) -> Decimal:
    """The fraction of a VAT code: 0.27 for ``27%``, zero for a code without a rate."""
    if not vat.endswith("%"):
        return Decimal(0)
    return Decimal(vat.rstrip("%").replace(",", ".")) / 100


def line(
    name: str,
    price: int | float,
    vat: str = "27%",
    *,
    quantity: int | float = 1,
    unit: str = "db",
    digits: int = 0,
    **given: Any,
) -> dict:
    """Return a DocumentItem; ``given`` overrides what would be computed."""
    net = rounded(Decimal(str(price)) * Decimal(str(quantity)), digits)
    vat_amount = rounded(net * rate_of(vat), digits)
    item = {
        "product_id": None,
        "name": name,
        "net_unit_amount": price,
        "quantity": quantity,
        "unit": unit,
        "net_amount": number(net),
        "gross_amount": number(net + vat_amount),
        "vat": vat,
        "vat_amount": number(vat_amount),
        "comment": "",
    }
    return {**item, **given}


class AccountBook:
    """One seller's documents, oldest first."""

    def __init__(self, seller: Party, prefix: str, first_id: int, first_day: date):
        self.seller = seller
        self.documents: list[dict] = []
        self.blocks: list[dict] = [
            {"id": first_id // 1000, "name": "Számlák", "type": "invoice"},
            {"id": first_id // 1000 + 1, "name": "Nyugták", "type": "receipt"},
        ]
        for block in self.blocks:
            block |= {"prefix": prefix, "custom_field1": "", "custom_field2": ""}
        self._prefix = prefix
        self._next_id = first_id
        self._next_number = 1
        self._day = first_day

    def issue(
        self, buyer: Party, *items: dict, type: str = "invoice", **options: Any
    ) -> dict:
        """Issue a document and return it.

        Options: currency, rate, round, discount, related, totals (what differs
        from the lines' sums), local_digits, changes (top-level keys).
        """
        raw = self._head(type) | self._parties(buyer)
        raw |= _money(items, **options)
        raw["related_documents"] = [
            {"id": other["id"], "invoice_number": other["invoice_number"]}
            for other in options.get("related", ())
        ]
        raw |= options.get("changes", {})
        self.documents.append(raw)
        return raw

    def skip_to(self, day: date) -> None:
        """Let the next document be issued on this day, or later if that is past."""
        self._day = max(self._day, day - timedelta(days=1))

    def storno(self, original: dict, *, negative: bool = True) -> dict:
        """Cancel a document, by negative amounts or by repeating the positive ones."""
        original |= {"cancelled": True, "correction_type": "canceled"}
        raw = deepcopy(original) | self._head("cancellation")
        if negative:
            _negate(raw)
        raw["fulfillment_date"] = original["fulfillment_date"]
        raw["related_documents"] = [
            {"id": original["id"], "invoice_number": original["invoice_number"]}
        ]
        self.documents.append(raw)
        return raw

    def _head(self, type: str) -> dict:
        self._next_id += 1
        self._day += timedelta(days=1)
        shown = ""
        if type not in UNNUMBERED:
            shown = f"{self._prefix} / {self._day.year}-{self._next_number:06d}"
            self._next_number += 1
        block = self.blocks[type == "receipt"]
        return {
            "id": self._next_id,
            "invoice_number": shown,
            "type": type,
            "correction_type": type,
            "cancelled": False,
            "block_id": block["id"],
            "payment_status": "none" if type == "cancellation" else "outstanding",
            "payment_method": "wire_transfer",
            "invoice_date": self._day.isoformat(),
            "fulfillment_date": (self._day - timedelta(days=2)).isoformat(),
            "due_date": (self._day + timedelta(days=8)).isoformat(),
            "paid_date": self._day.isoformat(),
        }

    def _parties(self, buyer: Party) -> dict:
        card = {
            "id": buyer.id,
            "name": buyer.name,
            "address": buyer.address,
            "emails": [buyer.email] if buyer.email else [],
            "taxcode": buyer.tax_number,
            "iban": "",
            "swift": "",
            "account_number": "--",
            "phone": "",
            "tax_type": buyer.tax_type,
        }
        return {
            "organization": _organization(self.seller),
            "partner": {
                **card,
                "general_ledger_number": "",
                "custom_billing_settings": {},
                "group_member_tax_number": "",
            },
            "document_partner": card,
            "electronic": True,
            "comment": "",
            "tags": [],
            "notification_status": "none",
            "language": "hu" if buyer.country == "HU" else "en",
            "online_szamla_status": "done",
        }


def _organization(seller: Party) -> dict:
    account = "1170999" + check_digit("1170999") + "3141592" + check_digit("3141592")
    account = f"{account[:8]}-{account[8:]}"
    return {
        "name": seller.name,
        "tax_number": seller.tax_number,
        "bank_account": {
            "id": 77,
            "name": "Fő számla",
            "account_number": account,
            "account_number_iban": "",
            "swift": "",
        },
        "address": seller.address,
        "small_taxpayer": False,
        "ev_number": "",
        "eu_tax_number": "HU" + seller.tax_number[:8],
        "cash_settled": False,
    }


def _money(
    items: Sequence[dict],
    *,
    currency: str = "HUF",
    rate: str | int | float = "1",
    round: str = "none",
    discount: int | float = 0,
    **options: Any,
) -> dict:
    """Items, summary and the rest that is about amounts."""
    local_digits = options.get("local_digits", 2)
    factor = Decimal(str(rate))
    totals = _sums(items) | options.get("totals", {})
    net, vat, gross = (Decimal(str(totals[name])) for name in ("net", "vat", "gross"))
    local_net, local_vat = (
        rounded(net * factor, local_digits),
        rounded(vat * factor, local_digits),
    )
    raw: dict[str, Any] = {
        "currency": currency,
        "conversion_rate": number(factor),
        "gross_total": number(gross),
        "items": list(items),
        "summary": {
            "net_amount": number(net),
            "net_amount_local": number(local_net),
            "gross_amount_local": number(
                gross if currency == "HUF" else local_net + local_vat
            ),
            "vat_amount": number(vat),
            "vat_amount_local": number(local_vat),
            "vat_rate_summary": _by_rate(
                _as_charged(items, net, discount),
                {"net": net, "vat": vat},
                {"vat": local_vat},
                factor,
                local_digits,
            ),
        },
        "settings": {
            "mediated_service": False,
            "without_financial_fulfillment": False,
            "online_payment": "",
            "round": round,
            "no_send_onlineszamla_by_user": False,
            "order_number": options.get("order_number", ""),
            "place_id": None,
            "instant_payment": False,
        },
    }
    if discount:
        raw["discount"] = {"type": "percent", "value": discount}
    return raw


def _sums(items: Sequence[dict]) -> dict[str, Decimal]:
    def total(name: str) -> Decimal:
        return sum((Decimal(str(item[name])) for item in items), Decimal(0))

    return {
        "net": total("net_amount"),
        "vat": total("vat_amount"),
        "gross": total("gross_amount"),
    }


def _as_charged(
    items: Sequence[dict], net: Decimal, discount: int | float
) -> list[dict]:
    """The lines less a discount of the document that they do not show."""
    if not discount or abs(_sums(items)["net"] - net) <= len(items):
        return list(items)
    factor = 1 - Decimal(str(discount)) / 100
    charged = []
    for item in items:
        whole = all(x == int(x) for x in (item["net_amount"], item["gross_amount"]))
        digits = 0 if whole else 2
        net, gross = (
            rounded(Decimal(str(item[name])) * factor, digits)
            for name in ("net_amount", "gross_amount")
        )
        amounts = {"net_amount": net, "gross_amount": gross, "vat_amount": gross - net}
        charged.append({**item, **amounts})
    return charged


def _by_rate(
    items: Sequence[dict],
    totals: dict[str, Decimal],
    local_totals: dict[str, Decimal],
    factor: Decimal,
    local_digits: int,
) -> list[dict]:
    """The table of rates, which agrees with the document's totals."""
    codes = sorted({item["vat"] for item in items})
    sums = {code: _sums([x for x in items if x["vat"] == code]) for code in codes}
    for name, total in totals.items():
        biggest = max(codes, key=lambda code: abs(sums[code][name]))
        sums[biggest][name] += total - sum(row[name] for row in sums.values())
    locals_ = {
        code: rounded(sums[code]["vat"] * factor, local_digits) for code in codes
    }
    biggest = max(codes, key=lambda code: abs(locals_[code]))
    locals_[biggest] += local_totals["vat"] - sum(locals_.values())
    return [
        {
            "vat_name": code,
            "vat_percentage": number(rate_of(code)),
            "vat_rate_net_amount": number(sums[code]["net"]),
            "vat_rate_vat_amount": number(sums[code]["vat"]),
            "vat_rate_vat_amount_local": number(locals_[code]),
            "vat_rate_gross_amount": number(sums[code]["net"] + sums[code]["vat"]),
        }
        for code in codes
    ]


def _negate(raw: dict) -> None:
    raw["gross_total"] = -raw["gross_total"]
    for item in raw["items"]:
        for name in ("quantity", "net_amount", "vat_amount", "gross_amount"):
            item[name] = -item[name]
    summary = raw["summary"]
    rows = summary["vat_rate_summary"]
    for part in (summary, *rows):
        for name, value in part.items():
            if name not in ("vat_name", "vat_percentage", "vat_rate_summary"):
                part[name] = -value
