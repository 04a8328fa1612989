"""Ask Maventa's stage what its documentation leaves open. Never run by itself.

    MAVENTA_COMPANY_UUID=... MAVENTA_USER_API_KEY=... MAVENTA_VENDOR_API_KEY=... \\
        python tests/product/live/maventa.py invoice.xml [--known-email a@x.example]

It takes a partner's account on Maventa's stage, and an invoice that Odoo has made for
that company ("Download document" on a transfer). The invoice is sent to the stage
three times, which bills nobody; each answer is one line. No other host is spoken to.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
from uuid import uuid4

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
    from harness import protocol_packages

    protocol_packages.expose()

from maventa_api import ORIGINS, Credentials, open_session
from maventa_api.exchange import Exchange
from maventa_api.fields import array_field

STAGE = "https://ax-stage.maventa.com"
KEYS = ("MAVENTA_COMPANY_UUID", "MAVENTA_USER_API_KEY", "MAVENTA_VENDOR_API_KEY")
LOOKS = 3


def stage_session(origin: str, **options):
    """Return a session that reaches Maventa's stage.

    :raise ValueError: for any other address, the real service's first of all
    """
    if origin != STAGE or origin != ORIGINS["test"]:
        raise ValueError(f"{origin!r} is not Maventa's stage ({STAGE})")
    return open_session(origin, **options)


class Stage:
    """The stage, and what it answers in its own words."""

    def __init__(self, session, credentials: Credentials, document: bytes):
        self._exchange = Exchange(session, STAGE, credentials, environment="live")
        self._credentials = credentials
        self._document = document

    def close(self):
        self._exchange.close()

    def call(self, method, path, **options):
        return self._exchange._send_with_token(method, path, **options)

    def call_openly(self, method, path, **options):
        return self._exchange._send(method, path, **options)

    def send(self, uuid, **fields):
        """Upload the document under ``uuid`` and return the raw answer."""
        form = [("format", "PEPPOLBIS30"), ("uuid", uuid)]
        for name, value in fields.items():
            many = array_field(name, value) if isinstance(value, list) else None
            form += many or [(name, value)]
        file = ("live.xml", self._document, "application/xml")
        return self.call("POST", "/v1/invoices", data=form, files={"file": file})

    def vendor_headers(self):
        return {
            "User-Api-Key": self._credentials.user_api_key,
            "Vendor-Api-Key": self._credentials.vendor_api_key,
        }

    def vendor_key(self):
        return self._credentials.vendor_api_key


def in_short(response) -> str:
    """Return status and error code of an answer, and no more than 200 letters of it."""
    text = " ".join(response.text.split())[:200]
    limits = {
        name: value
        for name, value in response.headers.items()
        if "limit" in name.lower() or name.lower() == "retry-after"
    }
    return f"{response.status_code} {text}" + (f" {limits}" if limits else "")


def _json(response):
    try:
        return response.json()
    except ValueError:
        return None


def known_uuid(stage):
    uuid = str(uuid4())
    first, second = stage.send(uuid), stage.send(uuid)
    there = stage.call("GET", f"/v1/invoices/{uuid}")
    return f"{in_short(first)} | again: {in_short(second)} | there: {there.status_code}"


def two_disabled_routes(stage):
    sent = stage.send(str(uuid4()), disabled_routes=["email", "print"])
    return in_short(sent) + " (then look into its routes on testing.maventa.com)"


def image_and_recipient(stage):
    uuid = str(uuid4())
    stage.send(uuid)
    entity = _json(stage.call("GET", f"/v1/invoices/{uuid}")) or {}
    kinds = [(row.get("type"), row.get("mimetype")) for row in entity.get("files", [])]
    recipient = entity.get("recipient") or {}
    return f"files {kinds}, recipient's bid {recipient.get('bid')!r}"


def statuses(stage):
    fields = [("direction", "SENT"), ("per_page", "100")]
    seen = set()
    for _look in range(LOOKS):
        rows = _json(stage.call("GET", "/v1/invoices", params=fields))
        seen |= {row.get("status") for row in rows if isinstance(rows, list)}
    return f"seen: {sorted(map(str, seen))}"


def rerouting_what_is_not_there(stage):
    path = f"/v1/invoices/{uuid4()}/reroute/email"
    answer = stage.call("PUT", path, json={"recipient_email": "nobody@company.example"})
    return in_short(answer) + " (405 or HTML: the path is another one)"


def bank_network(stage):
    params = {"network": "BANK"}
    return in_short(stage.call("GET", "/v1/company/profiles", params=params))


def vendor_linked_twice(stage):
    answers = [stage.call("POST", "/v1/company/vendors") for _time in range(2)]
    return " | again: ".join(map(in_short, answers))


def companies_by_keys(stage):
    answer = stage.call_openly("GET", "/v1/companies", headers=stage.vendor_headers())
    return str(answer.status_code)


def fields_of_an_upload(stage):
    document = _json(stage.call_openly("GET", "/swagger_doc")) or {}
    post = document.get("paths", {}).get("/v1/invoices", {}).get("post", {})
    return ", ".join(row.get("name", "?") for row in post.get("parameters", []))


QUESTIONS = {
    "a UUID that is there": known_uuid,
    "two disabled routes": two_disabled_routes,
    "image in BIS 3, recipient by VAT number": image_and_recipient,
    "statuses": statuses,
    "rerouting": rerouting_what_is_not_there,
    "bank network on by default": bank_network,
    "a vendor that is linked already": vendor_linked_twice,
    "companies by the keys as headers": companies_by_keys,
    "fields of an upload (print, prevent_routing)": fields_of_an_upload,
}


def known_user(stage, email):
    """Ask what becomes of a user who exists; the answer's key is not shown."""
    data = {"vendor_api_key": stage.vendor_key(), "email": email}
    answer = stage.call_openly("POST", "/v1/users", json=data)
    body = _json(answer)
    with_key = bool(isinstance(body, dict) and body.get("user_api_key"))
    return f"{answer.status_code}, with a key: {with_key}"


def answers(stage, known_email=""):
    """Yield each question with its answer."""
    for question, ask in QUESTIONS.items():
        yield question, ask(stage)
    if known_email:
        yield "a user that exists", known_user(stage, known_email)


def main(arguments=None):
    """Print the answers, one a line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("document", type=pathlib.Path, help="Peppol BIS 3, as sent")
    parser.add_argument("--known-email", default="", help="of a user that exists")
    parser.add_argument("--origin", default=STAGE, help="the stage, and nothing else")
    options = parser.parse_args(arguments)
    if missing := [name for name in KEYS if not os.environ.get(name)]:
        parser.error("set " + ", ".join(missing))
    try:
        session = stage_session(options.origin, read_seconds=120)
    except ValueError as error:
        parser.error(str(error))
    credentials = Credentials(*(os.environ[name] for name in KEYS))
    stage = Stage(session, credentials, options.document.read_bytes())
    try:
        for question, answer in answers(stage, options.known_email):
            print(f"{question}: {answer}")
    finally:
        stage.close()


if __name__ == "__main__":
    main()
