"""What companies receive: listed by time, downloaded file by file.

Source: Maventa's guide for receiving. Assumptions, not proved on Maventa's stage: the
bounds of ``received_at`` are inclusive (so that callers overlap and skip what they
know), and ``files[]`` never has the image.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import requests

from . import json_values as values
from .answers import read_json, unclear, value_of
from .errors import NotFoundError, RejectedError, TemporaryError
from .exchange import Exchange
from .fields import array_field
from .messages import Action, actions_of
from .token import RECEIVE

PAGE = 100  # the longest page
MOST_PAGES = 1000  # of one list: a hundred thousand invoices
EVENT = "DOCUMENTS.INVOICE.RECEIVED"
XML_TYPES = ("FINVOICE30", "PEPPOLBIS30")


class ReturnFormat(StrEnum):
    """What a received invoice can be downloaded as.

    The original bytes come only if the format equals ``source_format``.
    """

    FINVOICE30 = "FINVOICE30"
    PEPPOLBIS30 = "PEPPOLBIS30"
    ORIGINAL_IMAGE = "ORIGINAL_IMAGE"
    GENERATED_IMAGE = "GENERATED_IMAGE"
    ORIGINAL_OR_GENERATED_IMAGE = "ORIGINAL_OR_GENERATED_IMAGE"


class FraudReason(StrEnum):
    NONEXISTENT_PRODUCT = "NONEXISTENT_PRODUCT"
    OFFERS_AS_INVOICES = "OFFERS_AS_INVOICES"
    UNKNOWN_COMPANY = "UNKNOWN_COMPANY"
    INVOICE_NOT_FOLLOWING_LAW = "INVOICE_NOT_FOLLOWING_LAW"
    MISLEADING_NAME = "MISLEADING_NAME"
    IMPOSSIBLE_TO_CONTACT = "IMPOSSIBLE_TO_CONTACT"
    MISLEADING_MARKETING = "MISLEADING_MARKETING"
    COMPANY_NOT_FOLLOWING_LAW = "COMPANY_NOT_FOLLOWING_LAW"
    KNOWN_FOR_FRAUD_ATTEMPTS = "KNOWN_FOR_FRAUD_ATTEMPTS"
    KNOWN_FOR_SUSPICIOUS_ACTIVITIES = "KNOWN_FOR_SUSPICIOUS_ACTIVITIES"


@dataclass(frozen=True)
class InboundParty:
    """Sender or recipient as Maventa's answer names them."""

    name: str
    bid: str
    eia: str
    country: str

    @classmethod
    def from_json(cls, data: Any) -> InboundParty:
        data = values.part(data)
        return cls(
            *(values.text(data.get(key)) for key in ("name", "bid", "eia", "country"))
        )


@dataclass(frozen=True)
class InboundFile:
    """An attachment of a received invoice; the image is none of them."""

    id: str
    filename: str
    mimetype: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> InboundFile:
        return cls(
            id=values.text(data.get("id")),
            filename=values.text(data.get("filename")),
            mimetype=values.text(data.get("mimetype")),
        )


@dataclass(frozen=True)
class InboundInvoice:
    """A received invoice as Maventa lists it; its file says more.

    ``sum`` is without tax and ``sum_tax`` with it: a second opinion for the totals
    check. ``received_at`` is in UTC, and None if the answer has no readable time.
    """

    id: str
    status: str
    number: str
    reference: str
    date: str
    date_due: str
    currency: str
    sum: Decimal | None
    sum_tax: Decimal | None
    source_format: str
    origin: str  # INTERNAL, EXTERNAL, SCAN
    received_at: datetime | None
    revision: str
    comment: str
    sender: InboundParty
    recipient: InboundParty
    files: tuple[InboundFile, ...]
    actions: tuple[Action, ...]

    @classmethod
    def from_json(cls, data: Any) -> InboundInvoice:
        """Read an entity.

        :raise ValueError: it has no UUID
        """
        data = values.mapping(data)
        text = values.text
        return cls(
            id=values.uuid(data.get("id")),
            status=text(data.get("status")),
            number=text(data.get("number")),
            reference=text(data.get("reference")),
            date=values.moment(data.get("date")),
            date_due=values.moment(data.get("date_due")),
            currency=text(data.get("currency")),
            sum=values.amount(data.get("sum")),
            sum_tax=values.amount(data.get("sum_tax")),
            source_format=text(data.get("source_format")),
            origin=text(data.get("origin")),
            received_at=values.instant(data.get("received_at")),
            revision=text(data.get("revision")),
            comment=text(data.get("comment")),
            sender=InboundParty.from_json(data.get("sender")),
            recipient=InboundParty.from_json(data.get("recipient")),
            files=tuple(map(InboundFile.from_json, _attachments(data.get("files")))),
            actions=actions_of(data.get("actions")),
        )

    @property
    def is_scan(self) -> bool:
        return self.origin == "SCAN"

    def formats(self, prefer: ReturnFormat) -> tuple[ReturnFormat, ReturnFormat]:
        """Return the format to ask for and the one to try after a refusal.

        The original where it is one of the two; else ``prefer``.
        """
        one, other = ReturnFormat.FINVOICE30, ReturnFormat.PEPPOLBIS30
        source = self.source_format.upper()
        if source.startswith(("PEPPOLBIS", "UBL")):
            one, other = other, one
        elif not source.startswith(("FINVOICE", "TEAPPS")) and prefer is other:
            one, other = other, one
        return one, other


@dataclass(frozen=True)
class InboundPage:
    """One page of the list, in the order of arrival.

    ``unreadable`` counts rows without a usable id. ``total`` is what the service says
    there are in all, if it does.
    """

    number: int
    invoices: tuple[InboundInvoice, ...]
    unreadable: int
    is_last: bool
    total: int | None = None

    def check_ends(self, known: Collection[str]) -> None:
        """Refuse a page that repeats earlier ones, or that of a list without an end.

        :param known: ids on the pages before
        :raise TemporaryError: code ``endless_list``
        """
        found = {invoice.id for invoice in self.invoices}
        is_repeated = bool(found) and found <= {*known}
        if not self.is_last and (is_repeated or self.number >= MOST_PAGES):
            raise TemporaryError("The list does not end.", code="endless_list")


@dataclass(frozen=True)
class Download:
    """A file as it came: bytes, never text."""

    data: bytes
    mimetype: str


@dataclass(frozen=True)
class DetectResult:
    """One of Maventa's checks of a received invoice.

    ``check`` is ``BANK_ACCOUNT_CHANGED``, ``SENDER_WARNING_LIST``, ``VAT`` …
    """

    check: str
    status: str
    result: str
    reason_code: str
    text: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DetectResult:
        names = values.text(data.get("check") or data.get("check_name"))
        return cls(
            check=names.upper(),
            status=values.text(data.get("status")),
            result=values.text(data.get("result")),
            reason_code=values.text(data.get("reason_code")),
            text=" ".join(values.texts(data.get("texts") or data.get("text"))),
        )

    @property
    def is_pending(self) -> bool:
        return self.status == "PENDING"

    @property
    def is_warning(self) -> bool:
        return self.result == "WARNING"


@dataclass(frozen=True)
class NetworkProfile:
    """A network that a company is received for in: VISMA, PEPPOL, BANK, SCAN …"""

    id: str
    network: str
    status: str  # active, pending, error

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> NetworkProfile:
        return cls(*(values.text(data.get(key)) for key in ("id", "network", "status")))


class Inbound:
    """The calls; part of :class:`MaventaClient`.

    They need a client that was made with ``receives=True``; without the right,
    Maventa's or ours, they raise :exc:`SetupError` (``scope_missing``).
    """

    _exchange: Exchange

    def may_receive(self) -> bool:
        """Tell whether Maventa has granted the right to fetch invoices."""
        return self._exchange.may(RECEIVE)

    def list_inbound(
        self,
        start: datetime,
        end: datetime | None = None,
        *,
        number: int = 1,
        size: int = PAGE,
        ids: Iterable[str] = (),
    ) -> InboundPage:
        """Return one page of what was received from ``start`` on, oldest first.

        New arrivals are appended at the end, so that no row is skipped while pages
        are turned. A page is the last one if it is not full; a list of
        ``size`` times ``n`` rows ends with an empty page.

        :param start: with a zone; so is ``end``
        :param ids: only these, at most 100
        """
        self._exchange.require(RECEIVE)
        params = [
            ("direction", "RECEIVED"),
            ("sort", "received_at"),
            ("received_at_start", _written(start)),
            ("page", str(number)),
            ("per_page", str(size)),
            *array_field("ids", ids),
        ]
        if end:
            params.append(("received_at_end", _written(end)))
        response = self._exchange.fetch("GET", "/v1/invoices", params=params)
        rows = value_of(values.rows, read_json(response))
        found = [invoice for row in rows if (invoice := _invoice(row))]
        total = values.amount(response.headers.get("X-Total"))
        return InboundPage(
            number=number,
            invoices=tuple({invoice.id: invoice for invoice in found}.values()),
            unreadable=len(rows) - len(found),
            is_last=len(rows) < size,
            total=None if total is None else int(total),
        )

    def count_inbound(self, start: datetime, end: datetime | None = None) -> int | None:
        """Return how many were received, if Maventa says so, without fetching them."""
        return self.list_inbound(start, end, size=1).total

    def find_inbound(self, uuid: str) -> InboundInvoice | None:
        """Return a received invoice, or None if Maventa does not have it."""
        self._exchange.require(RECEIVE)
        try:
            data = self._exchange.call("GET", f"/v1/invoices/{UUID(uuid)}")
        except NotFoundError:
            return None
        invoice = value_of(InboundInvoice.from_json, data)
        if UUID(invoice.id) != UUID(uuid):
            raise unclear(
                f"The answer is about {invoice.id} instead of {uuid}.",
                creates=False,
                code="other_invoice",
            )
        return invoice

    def download(self, uuid: str, wanted: ReturnFormat) -> Download:
        """Return a received invoice as a document or as its image.

        :raise NotFoundError: there is no such invoice, or no such image
        :raise RejectedError: Maventa does not convert it into this format
        :raise TemporaryError: no file came; ``code`` is ``no_file`` for a page or an
            error in place of it, ``answer_cut`` for a part of it
        """
        self._exchange.require(RECEIVE)
        response = self._exchange.fetch(
            "GET",
            f"/v1/invoices/{UUID(uuid)}",
            params={"return_format": wanted.value},
            accept="*/*",
        )
        return _download(response, is_document=wanted.value in XML_TYPES)

    def download_file(self, uuid: str, file_id: str) -> Download:
        """Return an attachment; errors as in :meth:`download`."""
        if not file_id.isalnum() and not _is_uuid(file_id):
            raise RejectedError(f"Not an id: {file_id}", code="odd_file_id")
        self._exchange.require(RECEIVE)
        path = f"/v1/invoices/{UUID(uuid)}/files/{file_id}"
        response = self._exchange.fetch("GET", path, accept="*/*")
        return _download(response, is_document=False)

    def mark_handled(self, uuid: str) -> None:
        """Tell Maventa that the invoice is taken over: a courtesy.

        Assumption, not proved on Maventa's stage: a company's token may do so. No
        truth is kept there, so that callers ignore what it raises.
        """
        self._exchange.order(
            "PATCH",
            f"/v1/invoices/{UUID(uuid)}/invoice_events",
            json={"state": "HANDLED"},
        )

    def report_fraud(
        self,
        uuid: str,
        reasons: Iterable[FraudReason],
        contact_email: str,
        description: str = "",
    ) -> bool:
        """Report an invoice to Maventa; tell whether it was not reported before.

        :raise RejectedError: the report is not taken
        :raise UnknownOutcomeError: it may have been; reporting again does no harm
        """
        body = {
            "reason": [reason.value for reason in reasons],
            "contact_email": contact_email,
            "description": description,
        }
        path = f"/v1/invoices/{UUID(uuid)}/reports"
        try:
            self._exchange.order("POST", path, json=body)
        except RejectedError as error:
            if error.http_status == 409:
                return False
            raise
        return True

    def detect_results(self, uuid: str) -> tuple[DetectResult, ...]:
        """Return what Maventa's checks say; nothing if they are not switched on.

        :raise SetupError: the key does not allow it
        """
        path = f"/v1/invoices/{UUID(uuid)}/detect_results"
        try:
            data = self._exchange.call("GET", path)
        except NotFoundError:
            return ()
        return tuple(map(DetectResult.from_json, values.objects(data)))

    def networks(self) -> tuple[NetworkProfile, ...]:
        """Return the networks that the company is received for in."""
        data = self._exchange.call("GET", "/v1/company/profiles")
        return tuple(map(NetworkProfile.from_json, values.objects(data)))

    def join_network(self, network: str) -> None:
        """Have Maventa receive for the company in a network.

        :raise RejectedError: another operator holds the address, or it is joined
        :raise UnknownOutcomeError: look with :meth:`networks`
        """
        body: dict[str, Any] = {"network": network}
        if network == "PEPPOL":
            body["profiles"] = ["INVOICE_AND_CREDIT_NOTE"]
        self._exchange.order("POST", "/v1/company/profiles", json=body)

    def subscribe(self, url: str) -> str:
        """Have Maventa call ``url`` when something was received; return the id."""
        data = self._exchange.call(
            "POST",
            "/v1/company/notifications",
            creates=True,
            json={"destination_type": "WEBHOOK", "destination": url, "events": [EVENT]},
        )
        return value_of(
            lambda entity: values.needed_text(values.mapping(entity).get("id")),
            data,
            creates=True,
        )

    def unsubscribe(self, webhook_id: str) -> None:
        """End a webhook; one that is not there any more is no error."""
        path = f"/v1/company/notifications/{UUID(webhook_id)}"
        try:
            self._exchange.fetch("DELETE", path)
        except NotFoundError:
            return


def _invoice(row: Any) -> InboundInvoice | None:
    try:
        return InboundInvoice.from_json(row)
    except ValueError:
        return None


def _attachments(data: Any) -> list[Mapping[str, Any]]:
    return [
        row
        for row in values.objects(data)
        if values.text(row.get("type")) in ("", "ATTACHMENT") and row.get("id")
    ]


def _download(response: requests.Response, *, is_document: bool) -> Download:
    """Return the file of an answer; what is none is refused.

    A gateway's page, or an error of Maventa's, may come with a good number.
    """
    kind = values.text(response.headers.get("Content-Type")).partition(";")[0].lower()
    data = response.content
    head = data.lstrip()[:100].lower()
    is_page = head.startswith((b"<!doctype html", b"<html"))
    is_json = is_document and head.startswith((b"{", b"["))
    is_error = kind == "application/json" and is_error_body(data)
    if not data.strip() or is_document and is_page or is_json or is_error:
        raise unclear(
            "The answer is no file.",
            creates=False,
            code="no_file",
            http_status=response.status_code,
        )
    if kind != "text/html" and is_page:
        kind = "text/html"
    return Download(data, kind)


def is_error_body(data: bytes) -> bool:
    """Tell whether a body is one of Maventa's errors."""
    try:
        return {"code", "message"} <= values.part(values.parse(data)).keys()
    except ValueError:
        return False


def _written(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
