"""One account at Maventa: invoices out and in, company, directory (AX API, REST)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import requests

from . import json_values as values
from .answers import unclear, value_of
from .company_settings import CompanySettings
from .directory import Directory
from .errors import (
    CompanyUnverifiedError,
    MaventaError,
    NotFoundError,
    RejectedError,
    SetupError,
    UnknownOutcomeError,
)
from .exchange import Exchange
from .fields import array_field
from .inbound import Inbound
from .messages import (
    Authorization,
    CompanyState,
    Credentials,
    Identity,
    Invoice,
    InvoiceUpload,
    Language,
    Reroute,
)

ORIGINS = {
    "production": "https://ax.maventa.com",
    "test": "https://ax-stage.maventa.com",
}
PAGES = {  # for people
    "production": "https://secure.maventa.com",
    "test": "https://testing.maventa.com",
}
BATCH = 100  # the most ids that one list request takes, and the longest page


class MaventaClient(Directory, CompanySettings, Inbound):
    """One company's account at Maventa.

    Use it in a ``with`` statement: it closes the session. All methods raise the
    errors of ``errors.py`` and nothing else.
    """

    def __init__(
        self,
        session: requests.Session,
        origin: str,
        credentials: Credentials,
        **options: Any,
    ) -> None:
        self._exchange = Exchange(session, origin, credentials, **options)

    def __enter__(self) -> MaventaClient:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._exchange.close()

    def identity(self) -> Identity:
        """Prove the keys with a new token and return whose account it is."""
        self._exchange.renew()
        return value_of(
            Identity.from_json, self._exchange.call("GET", "/oauth2/current")
        )

    def authorization(self) -> Authorization:
        """Return whether Maventa has verified the company."""
        data = self._exchange.call("GET", "/v1/company/authorization")
        return value_of(Authorization.from_json, data)

    def request_authentication(self, email: str, language: Language) -> None:
        """Have Maventa invite somebody, who may sign for the company, to do so.

        :raise RejectedError: Maventa takes no request for this company or address
        :raise UnknownOutcomeError: the e-mail may be on its way; look at
            :meth:`authorization` before asking for another
        """
        self._exchange.call(
            "POST",
            "/v1/company/authorization",
            creates=True,
            json={"auth_email": email, "locale": language.value},
        )

    def link_vendor(self) -> bool:
        """Tie an existing account to the vendor; tell whether Maventa did.

        Assumption, not proved on Maventa's stage: an account that is tied already
        is answered with some 4xx. That, or a user without the right to do it, is no
        reason to stop.
        """
        try:
            self._exchange.call("POST", "/v1/company/vendors", creates=True)
        except (RejectedError, SetupError):
            return False
        return True

    def send_invoice(self, upload: InvoiceUpload) -> Invoice:
        """Hand one invoice over and return it as Maventa holds it.

        What Maventa answers to a UUID that it has already is not documented. So
        every refusal is followed by a look whether the invoice is there; if it
        is, it was handed over earlier, and that is what is returned.

        :raise RejectedError: refused, and not there
        :raise CompanyUnverifiedError: the company may not send (any more)
        :raise UnknownOutcomeError: no clear answer; ask with :meth:`find_invoice`
        """
        try:
            data = self._exchange.call(
                "POST",
                "/v1/invoices",
                creates=True,
                data=_form(upload),
                files={"file": (upload.filename, upload.file, upload.mimetype)},
            )
        except RejectedError as error:
            return self._held_already(upload.uuid, error)
        except SetupError as error:
            self._raise_if_unverified(error)
            raise
        return _same(upload.uuid, data, creates=True)

    def find_invoice(self, uuid: str) -> Invoice | None:
        """Return the invoice that Maventa holds under ``uuid``, if any."""
        try:
            data = self._exchange.call("GET", f"/v1/invoices/{UUID(uuid)}")
        except NotFoundError:
            return None
        return _same(uuid, data)

    def reroute(self, uuid: str, target: Reroute) -> None:
        """Have Maventa send what it has by another way.

        :raise RejectedError: it cannot go that way
        :raise UnknownOutcomeError: it may go; look with :meth:`find_invoice`
        """
        self._exchange.order(
            "PUT",
            f"/v1/invoices/{UUID(uuid)}/reroute/{target.route.value}",
            json=dict(target.recipient),
        )

    def list_invoices(self, uuids: Iterable[str]) -> dict[str, Invoice]:
        """Return our sent invoices by id, as far as Maventa holds them.

        Asks in batches of 100. ``direction`` has to be given: Maventa's default
        is what the company received.
        """
        found: dict[str, Invoice] = {}
        for batch in _batches(list(uuids)):
            fields = [("direction", "SENT"), ("per_page", str(BATCH))]
            data = self._exchange.call(
                "GET", "/v1/invoices", params=fields + array_field("ids", batch)
            )
            asked = {uuid.lower(): uuid for uuid in batch}
            for entity in value_of(values.rows, data):
                invoice = _readable(entity)
                if invoice.id.lower() not in asked:
                    raise unclear(
                        f"The answer is about {invoice.id}.",
                        creates=False,
                        code="other_invoice",
                    )
                found[asked[invoice.id.lower()]] = invoice
        return found

    def _held_already(self, uuid: str, refusal: RejectedError) -> Invoice:
        try:
            invoice = self.find_invoice(uuid)
        except MaventaError as error:
            raise UnknownOutcomeError(refusal.message, code=refusal.code) from error
        if invoice is None:
            raise refusal
        return invoice

    def _raise_if_unverified(self, refusal: SetupError) -> None:
        """Tell "not verified" from "wrong key": Maventa answers 401 to both."""
        if refusal.http_status not in (401, 403):
            return
        try:
            state = self.authorization().company_state
        except (SetupError, RejectedError):
            return
        if state is not CompanyState.VERIFIED:
            raise CompanyUnverifiedError(
                refusal.message, code=refusal.code, http_status=refusal.http_status
            ) from refusal


def _form(upload: InvoiceUpload) -> list[tuple[str, str]]:
    fields = [("format", upload.format.value), ("uuid", upload.uuid)]
    for name in (
        *("recipient_eia", "recipient_operator", "recipient_email"),
        *("lang", "sender_comment"),
    ):
        if value := getattr(upload, name):
            fields.append((name, value))
    if upload.payment_instruction:
        fields.append(("payment_instruction_identifier", upload.payment_instruction))
    return fields + array_field(
        "disabled_routes", (route.value for route in upload.disabled_routes)
    )


def _same(uuid: str, data: Any, *, creates: bool = False) -> Invoice:
    """Return the invoice of an answer, which has to be about ``uuid``."""
    invoice = value_of(Invoice.from_json, data, creates=creates)
    if invoice.id.lower() != uuid.lower():
        raise unclear(
            f"The answer is about {invoice.id} instead of {uuid}.",
            creates=creates,
            code="other_invoice",
        )
    return invoice


def _readable(row: Any) -> Invoice:
    """Return the invoice of one row; without that the list says too little.

    :raise TemporaryError: code ``unreadable_row``
    """
    try:
        return Invoice.from_json(row)
    except ValueError as error:
        raise unclear(
            "A row cannot be read.", creates=False, code="unreadable_row"
        ) from error


def _batches(uuids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(uuids), BATCH):
        yield uuids[start : start + BATCH]
