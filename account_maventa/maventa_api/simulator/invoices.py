"""Invoices at Maventa: taken in, shown, listed, and carried on a little."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from werkzeug.wrappers import Request, Response

from .accounts import company_of
from .answers import Refusal, State, entity, error, page, timestamp
from .document import UnfitDocument, read_document
from .finvoice import read_finvoice
from .holdings import invoices_of
from .inbound import is_inbound, list_inbound, received, show_inbound
from .routing import REROUTES, carry_on, rerouted, shown

if TYPE_CHECKING:
    from .application import Simulator

READERS = {"FINVOICE30": read_finvoice, "PEPPOLBIS30": read_document}
LANGUAGES = {"FI", "SE", "NO", "DK", "NL", "EN"}  # of the PDF and the e-mail
ROUTES = {"print", "email", "einvoice"}


def take_invoice(simulator: Simulator, request: Request) -> Response:
    """``POST /v1/invoices``: check, store once per UUID, answer with the entity."""
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:send")
        if simulator.faults.take("company_unverified"):
            company = company | {"state": "UNVERIFIED"}
            state[f"company/{company['id']}"] = company
    if company["state"] != "VERIFIED":
        raise Refusal(401, "auth_unauthorized", "Unauthorized")
    if simulator.faults.take("invoice_refused"):
        raise Refusal(422, "invalid_parameters", "Invoice refused", ["refused"])
    invoice = _new_invoice(simulator, request, company)
    simulator.meet("before_storing")
    with simulator.store as state:
        key = f"invoice/{invoice['id']}"
        if present := state.get(key):
            state[key] = present | {"posted": present["posted"] + 1}
            taken = True
        else:
            state[key] = invoice
            taken = False
    if taken:
        return error(simulator.uuid_taken_status, "uuid_taken", "UUID is in use")
    return simulator.meet("after_storing") or entity(shown(invoice), 201)


def show_invoice(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``GET /v1/invoices/{id}``; asking carries a pending invoice on."""
    with simulator.store as state:
        if is_inbound(state, uuid):
            company = company_of(simulator, state, request, "invoice:receive")
            invoice = received(state, company, uuid)
            return show_inbound(simulator, request, state, invoice)
        company = company_of(simulator, state, request, "invoice:send")
        invoice = _mine(state, company, uuid)
        invoice = state[f"invoice/{uuid}"] = carry_on(simulator, state, invoice)
    return entity(shown(invoice))


def list_invoices(simulator: Simulator, request: Request) -> Response:
    """``GET /v1/invoices``: ours (SENT), narrowed down by ids, status, number."""
    with simulator.store as state:
        if request.args.get("direction", "RECEIVED") != "SENT":
            company = company_of(simulator, state, request, "invoice:receive")
            return list_inbound(simulator, request, state, company)
        company = company_of(simulator, state, request, "invoice:send")
        ids = simulator.read_array(request.args, "ids")
        if len(ids) > 100:
            raise Refusal(400, "invalid_parameters", "ids: at most 100")
        rows = invoices_of(state, company["id"], ids)
        if number := request.args.get("number"):
            rows = [row for row in rows if row["read"]["number"] == number]
        for position, invoice in enumerate(rows):
            moved = carry_on(simulator, state, invoice)
            rows[position] = state[f"invoice/{invoice['id']}"] = moved
    if status := request.args.get("status"):
        rows = [invoice for invoice in rows if invoice["status"] == status]
    return page(request, [shown(invoice) for invoice in rows])


def list_actions(simulator: Simulator, request: Request, uuid: str) -> Response:
    """``GET /v1/invoices/{id}/actions``, all or of one type."""
    with simulator.store as state:
        if is_inbound(state, uuid):
            company = company_of(simulator, state, request, "invoice:receive")
            actions = received(state, company, uuid)["actions"]
        else:
            company = company_of(simulator, state, request, "invoice:send")
            actions = _mine(state, company, uuid)["actions"]
    wanted = request.args.get("type")
    return entity([row for row in actions if wanted in (None, row["type"])])


def reroute(simulator: Simulator, request: Request, uuid: str, route: str) -> Response:
    """``PUT /v1/invoices/{id}/reroute/{route}``: the same document, another way."""
    asked = request.get_json(silent=True) or {}
    with simulator.store as state:
        company = company_of(simulator, state, request, "invoice:send")
        invoice = _mine(state, company, uuid)
        missing = [name for name in REROUTES.get(route, ()) if not asked.get(name)]
        if missing or route not in REROUTES:
            raise Refusal(400, "invalid_parameters", "Invalid parameters", missing)
        state[f"invoice/{uuid}"] = rerouted(invoice, route, asked)
    if simulator.faults.take("drop_after_rerouting"):
        raise ConnectionError("the simulator hangs up")
    return Response(status=200)


def _mine(state: State, company: dict[str, Any], uuid: str) -> dict:
    invoice = state.get(f"invoice/{uuid}")
    if not invoice or invoice["company"] != company["id"]:
        raise Refusal(404, "not_found", "Invoice not found")
    return invoice


def _new_invoice(
    simulator: Simulator, request: Request, company: dict[str, Any]
) -> dict:
    form = request.form
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(400, "invalid_parameters", "file is missing")
    kind = form.get("format", "PEPPOLBIS30")
    if kind not in READERS:
        raise Refusal(400, "invalid_parameters", "format does not have a valid value")
    routes = simulator.read_array(form, "disabled_routes")
    if not ROUTES.issuperset(routes):
        raise Refusal(400, "invalid_parameters", "disabled_routes is not valid")
    lang = form.get("lang", "")
    if lang and lang not in LANGUAGES:
        raise Refusal(400, "invalid_parameters", "lang does not have a valid value")
    data = file.stream.read()
    try:
        read = READERS[kind](data)
    except UnfitDocument as unfit:
        raise Refusal(
            422, "invalid_parameters", "Invalid invoice", unfit.args
        ) from None
    now = timestamp(simulator.clock())
    return {
        "id": _uuid(form.get("uuid")),
        "company": company["id"],
        "status": "PENDING",
        "polls": 0,
        "posted": 1,
        "read": read,
        "file": base64.b64encode(data).decode(),
        "filename": file.filename,
        "format": kind,
        "recipient_eia": form.get("recipient_eia", ""),
        "recipient_operator": form.get("recipient_operator", ""),
        "recipient_email": form.get("recipient_email", ""),
        "disabled_routes": routes,
        "payment_instruction": form.get("payment_instruction_identifier", ""),
        "lang": lang,
        "sender_comment": form.get("sender_comment", ""),
        "destination": None,
        "created_at": now,
        "actions": [_created(now)],
    }


def _created(now: str) -> dict:
    return {"type": "CREATED", "channel": None, "message": None, "happened_at": now}


def _uuid(text: str | None) -> str:
    if not text:
        return str(uuid4())
    try:
        return str(UUID(text))
    except ValueError:
        raise Refusal(400, "invalid_parameters", "uuid is invalid") from None
