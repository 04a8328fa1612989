"""Maventa's terms: what goes out and what comes back, as frozen values.

Field names and values are those of the AX API (REST).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from . import json_values as values


class InvoiceStatus(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class InvoiceFormat(StrEnum):
    """What Maventa reads; this package builds the first and checks the second."""

    FINVOICE30 = "FINVOICE30"
    PEPPOLBIS30 = "PEPPOLBIS30"
    E2B = "E2B"
    EHF20 = "EHF20"
    FINVOICE20 = "FINVOICE20"
    OIOUBL = "OIOUBL"
    SIUBL20 = "SIUBL20"
    SVEFAKTURA10 = "SVEFAKTURA10"
    TEAPPS30 = "TEAPPS30"
    VISMAXML60 = "VISMAXML60"


class Route(StrEnum):
    EINVOICE = "einvoice"
    EMAIL = "email"
    PRINT = "print"


class CompanyState(StrEnum):
    VERIFIED = "VERIFIED"
    UNVERIFIED = "UNVERIFIED"
    UNKNOWN = "UNKNOWN"


class Language(StrEnum):
    """Of the e-mail, the portal and the agreement of the authentication."""

    FINNISH = "FI"
    NORWEGIAN = "NO"
    SWEDISH = "SE"
    ENGLISH = "EN"
    DUTCH = "NL"

    @classmethod
    def of(cls, locale: str) -> Language:
        """Return the one for a locale as ``sv_SE`` or ``nb``; English by default."""
        code = locale.replace("-", "_").partition("_")[0].lower()
        return {
            "fi": cls.FINNISH,
            "nb": cls.NORWEGIAN,
            "nn": cls.NORWEGIAN,
            "no": cls.NORWEGIAN,
            "sv": cls.SWEDISH,
            "nl": cls.DUTCH,
        }.get(code, cls.ENGLISH)


class DocumentLanguage(StrEnum):
    """Of the PDF that Maventa makes, and of its e-mail to the customer."""

    FINNISH = "FI"
    NORWEGIAN = "NO"
    SWEDISH = "SE"
    DANISH = "DK"
    ENGLISH = "EN"
    DUTCH = "NL"

    @classmethod
    def of(cls, locale: str) -> DocumentLanguage:
        """Return the one for a locale as ``da_DK``; English by default."""
        code = locale.replace("-", "_").partition("_")[0].lower()
        return cls.DANISH if code == "da" else cls(Language.of(locale).value)


@dataclass(frozen=True)
class Registration:
    """A company that wants an account; ``bid`` is its VAT number if it has one."""

    name: str
    bid: str
    has_vat: bool
    street: str
    post_code: str
    city: str
    country: str
    email: str


@dataclass(frozen=True)
class Credentials:
    """``company_uuid`` and ``user_api_key`` are OAuth2's client id and secret."""

    company_uuid: str
    user_api_key: str = field(repr=False)
    vendor_api_key: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Whose account the credentials open (``GET /oauth2/current``).

    ``wizard_done``: somebody has gone through Maventa's own first steps. What an
    account without them may do is not documented.
    """

    company_uuid: str
    name: str
    bid: str
    vat: str
    country: str
    disabled: bool
    wizard_done: bool
    user_email: str
    scopes: frozenset[str]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Identity:
        company = values.mapping(values.mapping(data).get("company"))
        return cls(
            company_uuid=values.needed_text(company.get("id")),
            name=values.text(company.get("name")),
            bid=values.text(company.get("bid")),
            vat=values.text(company.get("vat")),
            country=values.text(company.get("country")),
            disabled=values.flag(company.get("disabled")),
            wizard_done=values.flag(company.get("wizard_done"), default=True),
            user_email=values.text(values.part(data.get("user")).get("email")),
            scopes=frozenset(values.texts(data.get("scopes"))),
        )


@dataclass(frozen=True)
class Authorization:
    """How far the strong authentication of the company has come."""

    company_state: CompanyState
    auth_state: str
    auth_email: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Authorization:
        state = values.needed_text(values.mapping(data).get("company_state"))
        known = state in CompanyState.__members__
        return cls(
            company_state=CompanyState(state) if known else CompanyState.UNKNOWN,
            auth_state=values.text(data.get("auth_state")),
            auth_email=values.text(data.get("auth_email")),
        )


@dataclass(frozen=True)
class InvoiceUpload:
    """One invoice on its way out; ``uuid`` is ours and makes it unique."""

    uuid: str
    file: bytes = field(repr=False)
    filename: str
    format: InvoiceFormat = InvoiceFormat.PEPPOLBIS30
    recipient_eia: str = ""
    recipient_operator: str = ""
    recipient_email: str = ""
    disabled_routes: tuple[Route, ...] = ()
    payment_instruction: str = ""  # of a Finnish consumer's bank
    lang: str = ""  # of Maventa's PDF and e-mail: FI, SE, NO, DK, NL, EN
    sender_comment: str = ""  # a text in Maventa's e-mail

    @property
    def mimetype(self) -> str:
        kind = "zip" if self.filename.endswith(".zip") else "xml"
        return f"application/{kind}"


@dataclass(frozen=True)
class Reroute:
    """Another way for an invoice that Maventa has.

    ``recipient`` holds Maventa's own fields: ``recipient_email`` for e-mail;
    ``recipient_eia`` and ``recipient_operator`` for e-invoice; ``recipient_name``,
    ``_address1``, perhaps ``_address2``, ``_post_code``, ``_post_office`` and
    ``_country`` for print.
    """

    route: Route
    recipient: Mapping[str, str]


@dataclass(frozen=True)
class Action:
    """One event in an invoice's life at Maventa.

    ``happened_at`` is ISO 8601 that Python reads, or empty.
    """

    type: str
    channel: str
    message: str
    happened_at: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Action:
        return cls(
            type=values.text(data.get("type")),
            channel=values.text(data.get("channel")),
            message=values.text(data.get("message")),
            happened_at=values.moment(data.get("happened_at")),
        )


@dataclass(frozen=True)
class Invoice:
    """An invoice as Maventa holds it.

    ``status_text`` is Maventa's own word; ``status`` is PENDING for words that we
    do not know, since the documentation also shows others (``PROCESSING``).
    """

    id: str
    status: InvoiceStatus
    status_text: str
    number: str
    currency: str
    sum: Decimal | None
    sum_tax: Decimal | None
    destination: str
    created_at: str
    actions: tuple[Action, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Invoice:
        text = values.text(values.mapping(data).get("status"))
        known = text in InvoiceStatus.__members__
        return cls(
            id=values.needed_text(data.get("id")),
            status=InvoiceStatus(text) if known else InvoiceStatus.PENDING,
            status_text=text,
            number=values.text(data.get("number")),
            currency=values.text(data.get("currency")),
            sum=values.amount(data.get("sum")),
            sum_tax=values.amount(data.get("sum_tax")),
            destination=values.text(data.get("destination")),
            created_at=values.moment(data.get("created_at")),
            actions=actions_of(data.get("actions")),
        )

    @property
    def failure(self) -> str:
        """The words of the last ERROR action, if any."""
        errors = [action for action in self.actions if action.type == "ERROR"]
        return errors[-1].message if errors else ""


def actions_of(data: Any) -> tuple[Action, ...]:
    """Return the events of a list; what is no event is left out."""
    return tuple(map(Action.from_json, values.objects(data)))
