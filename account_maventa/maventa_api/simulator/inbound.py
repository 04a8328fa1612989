"""Received invoices at Maventa: listed, shown in any format, marked, reported."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from werkzeug.wrappers import Request, Response

from .accounts import company_of
from .answers import Refusal, State, entity, error, gateway_error, page, timestamp
from .samples import Sample

if TYPE_CHECKING:
    from .application import Simulator

PREFIX = "inbound/"
FILES = "inbound_files/"  # apart, so that a list reads no file
INDEX = "inbound_index/"  # per company: time of arrival and id
CONVERTED = {"FINVOICE30", "PEPPOLBIS30"}  # what this service can convert into
KNOWN = CONVERTED | {"VISMAXML60", "SIUBL20", "VISMAUBL30", "TEAPPS30"}
ORIGINAL, GENERATED = "ORIGINAL_IMAGE", "GENERATED_IMAGE"
EITHER = "ORIGINAL_OR_GENERATED_IMAGE"
STATUSES = ("PENDING", "DELIVERED", "FAILED")
SORTS = ("received_at", "-received_at")
EVENTS = ("CREATED", "HANDLED")
REASONS = {
    "NONEXISTENT_PRODUCT",
    "OFFERS_AS_INVOICES",
    "UNKNOWN_COMPANY",
    "INVOICE_NOT_FOLLOWING_LAW",
    "MISLEADING_NAME",
    "IMPOSSIBLE_TO_CONTACT",
    "MISLEADING_MARKETING",
    "COMPANY_NOT_FOLLOWING_LAW",
    "KNOWN_FOR_FRAUD_ATTEMPTS",
    "KNOWN_FOR_SUSPICIOUS_ACTIVITIES",
}


def arrived(
    state: State,
    company_uuid: str,
    sample: Sample,
    moment: float,
    uuid: str,
    detects: Sequence[tuple[str, str]],
) -> str:
    """Keep a sample as received by a company and return its id."""
    uuid = str(UUID(uuid)) if uuid else str(uuid4())
    draft, now = sample.draft, timestamp(moment)
    state[PREFIX + uuid] = {
        "id": uuid,
        "company": company_uuid,
        "received_at": now,
        "entity": _entity(sample, now),
        "source_format": draft.source_format,
        "files": [[name, kind] for name, kind, _data in draft.files],
        "actions": [
            {
                "type": "RECEIVED",
                "channel": "SCAN" if draft.origin == "SCAN" else "EINVOICE",
                "message": None,
                "happened_at": now,
            }
        ],
        "detects": [list(pair) for pair in detects],
        "mark": "",
        "reported": None,
    }
    state[FILES + uuid] = {
        "formats": {name: _text(data) for name, data in sample.formats.items()},
        "image": _text(sample.image),
        "generated": _text(sample.generated),
        "files": [_text(data) for _name, _kind, data in draft.files],
    }
    key = INDEX + company_uuid
    state[key] = [*state.get(key, []), [now, uuid]]
    return uuid


def is_inbound(state: State, uuid: str) -> bool:
    return PREFIX + uuid in state


def received(state: State, company: dict, uuid: str) -> dict:
    """Return a received invoice of the company.

    :raise Refusal: there is none
    """
    invoice = state.get(PREFIX + uuid)
    if not invoice or invoice["company"] != company["id"]:
        raise Refusal(404, "not_found", "Invoice not found")
    return invoice


def list_inbound(
    simulator: Simulator, request: Request, state: State, company: dict
) -> Response:
    """``GET /v1/invoices``: what came in, narrowed down, in the order asked for."""
    asked = request.args
    ids = simulator.read_array(asked, "ids")
    if len(ids) > 100:
        raise Refusal(400, "invalid_parameters", "ids: at most 100")
    start = _moment(asked.get("received_at_start"), "received_at_start")
    end = _moment(asked.get("received_at_end"), "received_at_end")
    rows = [
        state[PREFIX + uuid]
        for moment, uuid in state.get(INDEX + company["id"], [])
        if _is_between(moment, start, end) and (not ids or uuid in ids)
    ]
    for name, values in (
        ("status", simulator.read_array(asked, "status")),
        ("number", [asked["number"]] if asked.get("number") else []),
        ("reference", [asked["reference"]] if asked.get("reference") else []),
    ):
        if name == "status" and not set(values) <= set(STATUSES):
            raise Refusal(400, "invalid_parameters", "status is not valid")
        if values:
            rows = [row for row in rows if _shown(row)[name] in values]
    return _page(simulator, request, _sorted(rows, asked.get("sort")))


def show_inbound(
    simulator: Simulator, request: Request, state: State, invoice: dict
) -> Response:
    """``GET /v1/invoices/{id}``: the entity, or with ``return_format`` a file."""
    wanted = request.args.get("return_format")
    if wanted is None:
        return entity(_shown(invoice))
    files = state[FILES + invoice["id"]]
    if wanted in (ORIGINAL, GENERATED, EITHER):
        return _image(simulator, files, wanted)
    if wanted not in KNOWN:
        raise Refusal(400, "invalid_parameters", "return_format is not valid")
    data = files["formats"].get(wanted)
    is_original = wanted == invoice["source_format"]
    if data is None or not is_original and simulator.faults.take("format_refused"):
        raise Refusal(422, "conversion_failed", f"No conversion into {wanted}")
    return _file(simulator, base64.b64decode(data), "application/xml")


def show_file(
    simulator: Simulator, request: Request, uuid: str, file_id: str
) -> Response:
    """``GET /v1/invoices/{id}/files/{file_id}``: an attachment, never the image."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:receive")
        invoice = received(state, company, uuid)
        contents = state[FILES + uuid]["files"]
    pairs = zip(invoice["files"], contents, strict=True)
    for number, ((_name, kind), data) in enumerate(pairs, 1):
        if file_id == str(number):
            return _file(simulator, base64.b64decode(data), kind)
    raise Refusal(404, "not_found", "File not found")


def mark(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``PATCH /v1/invoices/{id}/invoice_events``: taken over, or not."""
    asked = request.get_json(silent=True)
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:receive")
        invoice = received(state, company, uuid)
        wanted = asked.get("state") if isinstance(asked, dict) else None
        if simulator.faults.take("mark_refused"):
            raise Refusal(403, "auth_forbidden", "Scope is missing")
        if wanted not in EVENTS:
            raise Refusal(400, "invalid_parameters", "state is not valid")
        state[PREFIX + uuid] = invoice | {"mark": wanted}
    return Response(status=204)


def report(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``POST /v1/invoices/{id}/reports``: a fraud is reported once."""
    asked = request.get_json(silent=True)
    asked = asked if isinstance(asked, dict) else {}
    reasons = asked.get("reason")
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:receive")
        invoice = received(state, company, uuid)
        if not isinstance(reasons, list) or not reasons or not set(reasons) <= REASONS:
            raise Refusal(400, "invalid_parameters", "reason is not valid")
        if "@" not in str(asked.get("contact_email")):
            raise Refusal(400, "invalid_parameters", "contact_email is not valid")
        if invoice["reported"]:
            raise Refusal(409, "report_exists", "Reported already")
        state[PREFIX + uuid] = invoice | {"reported": asked}
    return Response(status=204)


def list_reports(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``GET /v1/invoices/{id}/reports``."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:receive")
        invoice = received(state, company, uuid)
    return entity([invoice["reported"]] if invoice["reported"] else [])


def detect_results(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``GET /v1/invoices/{id}/detect_results``: what Maventa's checks found."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:receive")
        invoice = received(state, company, uuid)
    return entity(
        [
            {
                "check": check,
                "status": "PENDING" if result == "PENDING" else "RUN_SUCCESSFUL",
                "result": None if result == "PENDING" else result,
                "reason_code": check.lower() if result == "WARNING" else None,
                "text": f"{check}: {result}",
                "check_date": invoice["received_at"],
            }
            for check, result in invoice["detects"]
        ]
    )


def _entity(sample: Sample, now: str) -> dict[str, Any]:
    draft = sample.draft
    net, total = float(draft.net), float(draft.total)
    if draft.is_credit:
        net, total = -net, -total
    buyer = draft.buyer
    return {
        "status": "DELIVERED",
        "number": draft.number,
        "reference": draft.reference or None,
        "date": draft.date.isoformat(),
        "date_due": draft.due.isoformat() if draft.due else None,
        "currency": draft.currency,
        "sum": net,
        "sum_tax": total,
        "source_format": draft.source_format,
        "origin": draft.origin,
        "received_at": now,
        "created_at": now,
        "comment": None,
        "sender": {
            "eia": draft.seller.address,
            "bid": draft.seller.bid,
            "name": draft.seller.name,
            "country": draft.seller.country,
        },
        "recipient": {
            "eia": buyer.address,
            "bid": buyer.bid,
            "name": buyer.name,
            "country": buyer.country,
            "operator": None,
        },
    }


def _shown(invoice: dict) -> dict[str, Any]:
    """Return the entity; its files are the attachments alone."""
    files = [
        {
            "id": str(number),
            "filename": name,
            "type": "ATTACHMENT",
            "mimetype": kind,
            "href": f"/v1/invoices/{invoice['id']}/files/{number}",
        }
        for number, (name, kind) in enumerate(invoice["files"], 1)
    ]
    own = {"id": invoice["id"], "files": files, "actions": invoice["actions"]}
    return invoice["entity"] | own


def _page(simulator: Simulator, request: Request, rows: list[dict]) -> Response:
    shown: list[Any] = [_shown(row) for row in rows]
    if simulator.faults.take("list_odd_row"):
        shown.insert(0, {"id": ["odd"], "status": 7})
    answer = page(request, shown)
    if simulator.faults.take("list_bare"):
        for name in [name for name in answer.headers.keys() if name.startswith("X-")]:
            del answer.headers[name]
    if simulator.faults.take("list_wrong_total"):
        answer.headers["X-Total"] = "1"
    number = request.args.get("page", 1, int)
    size = request.args.get("per_page", 10, int)
    if number > 1 and simulator.faults.take("list_repeats"):
        before = shown[(number - 1) * size - 1]
        part = shown[(number - 1) * size : number * size - 1]
        return entity([before, *part], headers=answer.headers)
    return answer


def _sorted(rows: list[dict], sort: str | None) -> list[dict]:
    if sort is not None and sort not in SORTS:
        raise Refusal(400, "invalid_parameters", "sort is not valid")
    if sort is None:  # no order that anybody should count on
        return sorted(rows, key=lambda row: row["id"])
    rows = sorted(rows, key=lambda row: (row["received_at"], row["id"]))
    return rows[::-1] if sort.startswith("-") else rows


def _image(simulator: Simulator, files: dict, wanted: str) -> Response:
    names: dict[str, Callable[[], str]] = {
        ORIGINAL: lambda: files["image"],
        GENERATED: lambda: files["generated"],
        EITHER: lambda: files["image"] or files["generated"],
    }
    data = base64.b64decode(names[wanted]())
    if not data:
        raise Refusal(404, "not_found", "There is no image")
    return _file(simulator, data, "application/pdf")


def _file(simulator: Simulator, data: bytes, kind: str) -> Response:
    faults = simulator.faults
    if faults.take("file_missing"):
        return error(404, "not_found", "Invoice not found")
    if faults.take("file_unavailable"):
        return error(500, "internal_error", "Internal error")
    if faults.take("file_html"):
        answer = gateway_error()
        answer.status_code = 200
        return answer
    if faults.take("file_json"):
        return error(200, "internal_error", "Internal error")
    if faults.take("file_empty"):
        return Response(b"", 200, content_type=kind)
    if faults.take("file_cut"):
        answer = Response(data[: len(data) // 2], 200, content_type=kind)
        answer.headers["Content-Length"] = str(len(data))
        answer.automatically_set_content_length = False
        return answer
    return Response(data, 200, content_type=kind)


def _moment(text: str | None, name: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, "invalid_parameters", f"{name} is invalid") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_between(text: str, start: datetime | None, end: datetime | None) -> bool:
    moment = datetime.fromisoformat(text)
    return (start is None or start <= moment) and (end is None or moment <= end)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
