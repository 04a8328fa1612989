"""Billingo's API v3 as one WSGI application, as strict as its specification."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..simulation import Faults, MemoryStore
from .accounts import Accounts
from .failures import error_answer, failure, json_answer, spoil
from .pdf import document_pdf
from .queries import Invalid, read_list_query, read_page, read_spending_query

FAULTS = (
    "401",
    "402",
    "403",
    "429",  # without Retry-After, as the live service sends it
    "429_seconds",
    "429_date",
    "500",
    "html",
    "empty",
    "cut",
    "drop",
    "stall",
    "insert",  # a document is issued just before the page is read
    "remove",  # the newest document goes just before the page is read
    "hole",  # a page without documents, although others stand behind it
    "uncounted",  # a list without its total and its last page
    "other_id",  # one document comes for another
    "pdf_202",
    "pdf_json",
    "pdf_broken",
)
LISTS = ("blocks", "documents", "spendings")
# The operations that can meet a fault; every other fault is for all of them.
ONLY_AT = {
    **dict.fromkeys(("insert", "remove", "hole"), ("documents",)),
    **dict.fromkeys(("pdf_202", "pdf_json", "pdf_broken"), ("download",)),
    "uncounted": LISTS,
    "other_id": ("document", "spending"),
}
ROUTES = Map(
    [
        Rule("/v3/organization", endpoint="organization"),
        Rule("/v3/document-blocks", endpoint="blocks"),
        Rule("/v3/documents", endpoint="documents"),
        Rule("/v3/documents/<int:billingo_id>", endpoint="document"),
        Rule("/v3/documents/<int:billingo_id>/download", endpoint="download"),
        Rule("/v3/documents/<int:billingo_id>/payments", endpoint="payments"),
        Rule("/v3/spendings", endpoint="spendings"),
        Rule("/v3/spendings/<int:billingo_id>", endpoint="spending"),
    ]
)


class Simulator:
    """The whole service; ``requests`` counts the requests by operation.

    :param store: see ``simulation.MemoryStore``
    :param live_nulls: send null, as the live service does, where the specification
        knows only values
    """

    def __init__(self, store: Any = None, *, live_nulls: bool = False):
        self.store = MemoryStore() if store is None else store
        self.accounts = Accounts(self.store)
        self.faults = Faults(FAULTS)
        self.requests: Counter[str] = Counter()
        self.live_nulls = live_nulls
        self.without_lines = False  # spendings as API 3.0.14 has them
        self.stall = threading.Event()
        self._lock = threading.Lock()
        self._on_page: defaultdict[int, list[str]] = defaultdict(list)

    def on_page(self, page: int, fault: str, times: int = 1) -> None:
        """Let the next ``times`` requests for that page of documents meet a fault."""
        if fault not in self.faults.known:
            raise ValueError(f"unknown fault {fault!r}")
        with self._lock:
            self._on_page[page] += [fault] * times

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return error_answer(error.code or 500, error.name)
        with self._lock:
            self.requests[endpoint] += 1
        fault = self._fault(request, endpoint)
        if fault in ("drop", "stall"):
            if fault == "stall":
                self.stall.wait(60)
            raise ConnectionResetError("the simulator hangs up")
        answer = failure(fault) or self._serve(request, endpoint, values, fault)
        return spoil(answer, fault)

    def _fault(self, request: Request, endpoint: str) -> str | None:
        page = request.args.get("page", "1") if endpoint == "documents" else ""
        with self._lock:
            waiting = self._on_page.get(int(page)) if page.isdigit() else None
            if waiting:
                return waiting.pop(0)
        for name in FAULTS:
            if endpoint not in ONLY_AT.get(name, (endpoint,)):
                continue
            if self.faults.take(name):
                return name
        return None

    def _serve(
        self, request: Request, endpoint: str, values: Mapping, fault: str | None
    ) -> Response:
        key = request.headers.get("X-API-KEY", "")
        account = self.accounts.get(key) if key else None
        if account is None:
            return error_answer(401)
        if account["refusal"]:
            return error_answer(account["refusal"])
        if request.method != "GET":
            return error_answer(403)
        try:
            return getattr(self, f"_{endpoint}")(request, key, account, fault, **values)
        except Invalid as error:
            errors = [{"field": error.field, "message": error.message}]
            return json_answer({"message": "Validation Failed", "errors": errors}, 422)
        except NotFound:
            return error_answer(404)

    def _organization(
        self, _request: Request, _key: str, account: dict, _fault: str | None
    ) -> Response:
        subscription = {
            "expiration_date": account["expires"],
            "features": ["api_limit_standard", "subscription_standard"],
        }
        return json_answer(
            {"tax_code": account["tax_code"], "subscription": subscription}
        )

    def _blocks(
        self, request: Request, _key: str, account: dict, _fault: str | None
    ) -> Response:
        page, size = read_page(request.args)
        kind = request.args.get("type")
        blocks = [x for x in account["blocks"] if kind in (None, x["type"])][::-1]
        window = slice((page - 1) * size, page * size)
        return self._list(request, blocks[window], len(blocks), page, size)

    def _documents(
        self, request: Request, key: str, _account: dict, fault: str | None
    ) -> Response:
        page, size = read_page(request.args)
        matches = read_list_query(request.args)
        if fault in ("insert", "remove"):
            self._shift(key, fault)
        window = slice((page - 1) * size, page * size)
        total, found = self.accounts.documents(key, matches, window)
        if fault == "hole":
            found = []
        found = [self._shown(raw) for raw in found]
        return self._list(request, found, total, page, size)

    def _document(
        self,
        _request: Request,
        key: str,
        _account: dict,
        _fault: str | None,
        billingo_id: int,
    ) -> Response:
        return json_answer(self._shown(self._find(key, billingo_id)))

    def _spendings(
        self, request: Request, _key: str, account: dict, _fault: str | None
    ) -> Response:
        page, size = read_page(request.args)
        matches = read_spending_query(request.args)
        found = sorted(
            filter(matches, account.get("spendings", ())),
            key=lambda raw: raw["due_date"],
        )
        window = found[(page - 1) * size : page * size]
        shown = [
            {name: value for name, value in raw.items() if name != "items"}
            | {"is_created_by_nav": True}
            for raw in window
        ]
        return self._list(request, shown, len(found), page, size)

    def _spending(
        self,
        _request: Request,
        _key: str,
        account: dict,
        _fault: str | None,
        billingo_id: int,
    ) -> Response:
        for raw in account.get("spendings", ()):
            if raw["id"] == billingo_id:
                if self.without_lines:
                    raw.pop("items", None)
                return json_answer(raw)
        raise NotFound

    def _payments(
        self,
        _request: Request,
        key: str,
        _account: dict,
        _fault: str | None,
        billingo_id: int,
    ) -> Response:
        self._find(key, billingo_id)
        return json_answer(self.accounts.payments(key, billingo_id))

    def _download(
        self,
        _request: Request,
        key: str,
        _account: dict,
        fault: str | None,
        billingo_id: int,
    ) -> Response:
        raw = self._find(key, billingo_id)
        if fault == "pdf_202" or not self.accounts.was_asked_before(key, billingo_id):
            words = "Document PDF has not generated yet. You should try again later."
            return json_answer({"message": words}, 202)
        if fault == "pdf_json":
            return json_answer({"message": "Something else"})
        pdf = document_pdf(raw)
        if fault == "pdf_broken":
            pdf = pdf[4:]
        return Response(pdf, mimetype="application/pdf")

    def _find(self, key: str, billingo_id: int) -> dict:
        raw = self.accounts.document(key, billingo_id)
        if raw is None:
            raise NotFound
        return raw

    def _shift(self, key: str, fault: str | None) -> None:
        _total, [newest] = self.accounts.documents(key, window=slice(1))
        if fault == "remove":
            self.accounts.remove(key, newest["id"])
            return
        new_id = newest["id"] + 1
        number = f"{newest['invoice_number'] or 'X'}-{new_id}"
        self.accounts.add(key, {**newest, "id": new_id, "invoice_number": number})

    def _shown(self, raw: dict) -> dict:
        if not self.live_nulls:
            return raw
        raw = {"discount": None, **raw}
        raw["items"] = [{"entitlement": None, **item} for item in raw["items"]]
        raw["settings"] = {"selected_type": None, **raw["settings"]}
        return raw

    def _list(
        self, request: Request, found: list, total: int, page: int, size: int
    ) -> Response:
        last = max(1, -(-total // size))
        body = {
            "data": found,
            "total": total,
            "per_page": size,
            "current_page": page,
            "last_page": last,
        }
        for name, there, number in (
            ("prev_page_url", page > 1, page - 1),
            ("next_page_url", page < last, page + 1),
        ):
            if there:
                body[name] = f"{request.base_url}?page={number}"
            elif self.live_nulls:
                body[name] = None
        return json_answer(body)
