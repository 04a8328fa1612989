"""The WSGI application: routes, faults, and what it holds."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..simulation import Faults, MemoryStore
from . import accounts, directory, inbound, invoices, network, registrations
from .answers import Refusal, error, gateway_error
from .holdings import (
    ALL_SCOPES,
    Account,
    HeldInvoice,
    account_of,
    held,
    new_account,
    new_receiver,
    rows_of,
)
from .samples import Sample

FAULTS = (
    "answer_cut",  # the invoice is stored, the answer breaks off half-way
    "bad_gateway",  # HTML 502 to any request, nothing stored
    "company_unverified",  # the company loses its authentication at an upload
    "delivery_fails",  # the route refuses the invoice
    "delivery_waits",  # one more look that changes nothing
    "drop_after_authentication",  # the e-mail is sent, the answer gets lost
    "drop_after_company",  # the company is made, the answer gets lost
    "drop_after_rerouting",
    "drop_after_user",
    "drop_after_storing",
    "drop_before_storing",
    "error_after_storing",  # HTML 502, but the invoice is stored
    "file_cut",  # a received file breaks off half-way
    "file_empty",
    "file_html",  # a page of a gateway, with 200
    "file_json",  # an error of Maventa's, with 200
    "file_missing",
    "file_unavailable",  # 500
    "format_refused",  # no conversion into what is asked for
    "hang_after_storing",  # no answer until ``release`` is set
    "hang_before_storing",
    "invoice_refused",
    "list_bare",  # a page without paging headers
    "list_odd_row",  # something that is no invoice among them
    "list_repeats",  # the row before a page comes again
    "list_wrong_total",
    "mark_refused",
    "rate_limited",  # 429 with Retry-After
    "rate_limited_bare",  # 429 without
    "token_expires",
)
ROUTES = Map(
    [
        Rule("/oauth2/token", endpoint="token", methods=["POST"]),
        Rule("/oauth2/current", endpoint="identity", methods=["GET"]),
        Rule("/v1/company/authorization", endpoint="authorization", methods=["GET"]),
        Rule("/v1/company/authorization", endpoint="authenticate", methods=["POST"]),
        Rule("/v1/company/settings", endpoint="show_settings", methods=["GET"]),
        Rule("/v1/company/settings", endpoint="change_settings", methods=["PATCH"]),
        Rule("/v1/company/vendors", endpoint="link_vendor", methods=["POST"]),
        Rule("/v1/entities/operators", endpoint="list_operators", methods=["GET"]),
        Rule("/v1/lookup/receivers", endpoint="list_receivers", methods=["GET"]),
        Rule("/v1/users", endpoint="create_user", methods=["POST"]),
        Rule("/v1/companies", endpoint="create_company", methods=["POST"]),
        Rule("/v1/companies", endpoint="list_companies", methods=["GET"]),
        Rule("/v1/invoices", endpoint="create_invoice", methods=["POST"]),
        Rule("/v1/invoices", endpoint="list_invoices", methods=["GET"]),
        Rule("/v1/invoices/<uuid>", endpoint="show_invoice", methods=["GET"]),
        Rule("/v1/invoices/<uuid>/actions", endpoint="list_actions", methods=["GET"]),
        Rule(
            "/v1/invoices/<uuid>/files/<file_id>", endpoint="show_file", methods=["GET"]
        ),
        Rule("/v1/invoices/<uuid>/invoice_events", endpoint="mark", methods=["PATCH"]),
        Rule("/v1/invoices/<uuid>/reports", endpoint="report", methods=["POST"]),
        Rule("/v1/invoices/<uuid>/reports", endpoint="list_reports", methods=["GET"]),
        Rule(
            "/v1/invoices/<uuid>/detect_results",
            endpoint="detect_results",
            methods=["GET"],
        ),
        Rule("/v1/company/profiles", endpoint="list_profiles", methods=["GET"]),
        Rule("/v1/company/profiles", endpoint="create_profile", methods=["POST"]),
        Rule("/v1/company/notifications", endpoint="subscribe", methods=["POST"]),
        Rule(
            "/v1/company/notifications/<uuid>",
            endpoint="unsubscribe",
            methods=["DELETE"],
        ),
        Rule(
            "/v1/invoices/<uuid>/reroute/<route>", endpoint="reroute", methods=["PUT"]
        ),
    ]
)
HANDLERS: dict[str, Callable[..., Response]] = {
    "token": accounts.grant_token,
    "identity": accounts.show_identity,
    "authorization": accounts.show_authorization,
    "authenticate": accounts.request_authentication,
    "link_vendor": accounts.link_vendor,
    "show_settings": directory.show_settings,
    "change_settings": directory.change_settings,
    "list_operators": directory.list_operators,
    "list_receivers": directory.list_receivers,
    "create_user": registrations.create_user,
    "create_company": registrations.create_company,
    "list_companies": registrations.list_companies,
    "create_invoice": invoices.take_invoice,
    "list_invoices": invoices.list_invoices,
    "show_invoice": invoices.show_invoice,
    "show_file": inbound.show_file,
    "mark": inbound.mark,
    "report": inbound.report,
    "list_reports": inbound.list_reports,
    "detect_results": inbound.detect_results,
    "list_profiles": network.list_profiles,
    "create_profile": network.create_profile,
    "subscribe": network.subscribe,
    "unsubscribe": network.unsubscribe,
    "list_actions": invoices.list_actions,
    "reroute": invoices.reroute,
}
LONGEST_HANG = 60  # seconds; a forgotten ``release`` must not keep a thread for ever


class Simulator:
    """Maventa's AX API over the accounts and invoices in ``store``.

    Settings that a test may change at any time:

    * ``polls_until_routed``: looks that a pending invoice stays pending for
    * ``looks_until_signed``: looks that a requested authentication stays open for
    * ``calls_per_token``: after so many calls a token counts as expired
    * ``uuid_taken_status``: the answer to a UUID that is there (undocumented)
    * ``refuses_wide_scopes``: 400 to more than the user may do, or a grant of less
    * ``names_scopes``: the token's answer has a ``scope`` (which OAuth2 leaves open)
    * ``reads_brackets``: arrays as ``name[]`` (as Rack does) or as repeated names
    * ``release``: an event that ends the hanging of the ``hang_`` faults
    """

    def __init__(
        self, store: Any = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.store = MemoryStore() if store is None else store
        self.clock = clock
        self.faults = Faults(FAULTS)
        self.requests: Counter[str] = Counter()
        self.polls_until_routed = 1
        self.looks_until_signed = 1
        self.calls_per_token = None
        self.uuid_taken_status = 422
        self.reads_brackets = True
        self.refuses_wide_scopes = False
        self.names_scopes = True
        self.release = threading.Event()
        self._counting = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def add_account(
        self,
        *,
        name: str,
        bid: str,
        country: str = "FI",
        vat: str = "",
        company_state: str = "VERIFIED",
        scopes: str = ALL_SCOPES,
    ) -> Account:
        """Open an account at the service and return its keys."""
        with self.store as state:
            return new_account(
                state,
                name=name,
                bid=bid,
                country=country,
                vat=vat,
                company_state=company_state,
                scopes=scopes,
            )

    def find_account(self, bid: str) -> Account | None:
        """Return the account of a business id, if there is one."""
        with self.store as state:
            return account_of(state, bid)

    def add_receiver(self, **values: Any) -> None:
        """Enter somebody into the directory (values as in :func:`new_receiver`)."""
        with self.store as state:
            new_receiver(state, **values)

    def change_company(self, company_uuid: str, **values: Any) -> None:
        """Change what the service knows of a company (``state``, ``disabled``)."""
        with self.store as state:
            key = f"company/{company_uuid}"
            state[key] = state[key] | values

    def receive(
        self,
        company_uuid: str,
        sample: Sample,
        *,
        received_at: float | None = None,
        uuid: str = "",
        detects: Iterable[tuple[str, str]] = (),
    ) -> str:
        """Let a document arrive at a company and return its id.

        :param received_at: seconds of the clock; by default now. A time that has
            passed makes an id that turns up late
        :param detects: check and result of Maventa's Detect, as
            ``("BANK_ACCOUNT_CHANGED", "WARNING")``
        """
        moment = self.clock() if received_at is None else received_at
        with self.store as state:
            return inbound.arrived(
                state, company_uuid, sample, moment, uuid, tuple(detects)
            )

    def marks(self) -> dict[str, str]:
        """Return the state that clients gave to received invoices, by id."""
        with self.store as state:
            return {
                value["id"]: value["mark"]
                for value in rows_of(state, inbound.PREFIX)
                if value["mark"]
            }

    def held_invoices(self) -> list[HeldInvoice]:
        """Return every invoice that the service really holds."""
        with self.store as state:
            values = rows_of(state, "invoice/")
        return sorted(map(held, values), key=lambda invoice: invoice.number)

    def meet(self, moment: str) -> Response | None:
        """Let the faults of a moment of the upload happen."""
        if self.faults.take(f"drop_{moment}"):
            raise ConnectionError("the simulator hangs up")
        if self.faults.take(f"hang_{moment}"):
            self.release.wait(LONGEST_HANG)
            raise ConnectionError("the simulator hangs up after a silence")
        if moment == "after_storing":
            if self.faults.take("error_after_storing"):
                return gateway_error()
            if self.faults.take("answer_cut"):
                return Response('{"id": "', 201, content_type="application/json")
        return None

    def read_array(self, fields: MultiDict[str, str], name: str) -> list[str]:
        """Read an array as Rack does: of repeated bare names only the last counts."""
        if self.reads_brackets:
            return fields.getlist(f"{name}[]") or fields.getlist(name)[-1:]
        return fields.getlist(name)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
        except HTTPException as unknown:
            return error(unknown.code or 404, "not_found", unknown.name)
        with self._counting:
            self.requests[endpoint] += 1
        if self.faults.take("bad_gateway"):
            return gateway_error()
        if refusal := self._rate_limit():
            return refusal
        try:
            return HANDLERS[endpoint](self, request, **values)
        except Refusal as refused:
            return refused.response

    def _rate_limit(self) -> Response | None:
        if self.faults.take("rate_limited"):
            answer = error(429, "too_many_requests", "Too many requests")
            answer.headers["Retry-After"] = "120"
            return answer
        if self.faults.take("rate_limited_bare"):
            return error(429, "too_many_requests", "Too many requests")
        return None
