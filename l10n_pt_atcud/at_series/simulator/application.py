"""The service as one WSGI application."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from werkzeug.wrappers import Request, Response

from ..client import PATH
from ..clock import utc_now
from ..simulation import Faults
from .authentication import Account, authenticate
from .certificates import cipher_pair
from .envelope import (
    Fault,
    answer,
    authentication_fault,
    client_fault,
    read,
    soap_12_fault,
    soap_fault,
)
from .operations import Office, Refusal, Row

METHODS = {
    "registarSerie": Office.registar_serie,
    "finalizarSerie": Office.finalizar_serie,
    "anularSerie": Office.anular_serie,
    "consultarSeries": Office.consultar_series,
}

# Met by the next request of any kind, before anything is done:
_BEFORE = frozenset(
    "drop_before 5000 soap_fault soap12_fault number_fault client_fault "
    "authentication_down html html_200 forbidden too_many empty".split()
)
# Met by the next request that changes something, after it was done:
_AFTER = frozenset(
    "accept_then_drop accept_then_5000 accept_without_code truncated stall".split()
)
FAULTS = _BEFORE | _AFTER
STALL_SECONDS = 60  # longer than any client waits
_HTML = "<html><head><title>Error</title></head><body><p>Unavailable<br></body></html>"


class Simulator:
    """AT's series service, with a register of its own.

    :param store: keeps the state; see :class:`~..simulation.MemoryStore`
    :param accounts: user name ``NIF/n`` -> :class:`Account`
    :param cipher: key and certificate (PEM) that stand in for AT's cipher key
    :param code_length: of new validation codes; 8 in production, 10 on AT's test host
    """

    def __init__(
        self,
        store: Any,
        accounts: Mapping[str, Account],
        *,
        cipher: tuple[rsa.RSAPrivateKey, bytes] | None = None,
        now: Callable[[], datetime.datetime] = utc_now,
        code_length: int = 10,
    ):
        self.store = store
        self.accounts = accounts
        self.faults = Faults(FAULTS)
        self.requests: Counter[str] = Counter()
        self.refusals: Counter[int] = Counter()  # by AT's code
        self._key, self.cipher_certificate = cipher or cipher_pair()
        self._now = now
        self._code_length = code_length
        self._counting = threading.Lock()
        # set: answers that stall go out at once
        self.patience_over = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        if request.path != PATH or request.method != "POST":
            return _html(404)
        try:
            if request.mimetype != "text/xml" or "SOAPAction" not in request.headers:
                raise client_fault()
            header, element = read(request.get_data())
            operation = etree.QName(element).localname
            if operation not in METHODS:
                raise client_fault()
            with self._counting:
                self.requests[operation] += 1
            return self._unlucky(operation) or self._serve(header, operation, element)
        except Fault as fault:
            return _xml(fault.body, 500)

    def _unlucky(self, operation: str) -> Response | None:
        """Return what a fault that comes before the work makes of this request."""
        take = self.faults.take
        if take("drop_before"):
            raise ConnectionResetError("the simulator hangs up")
        for name, answered in _ANSWERS.items():
            if take(name):
                return answered()
        if take("5000"):
            return _xml(answer(operation, [], 5000, "Erro técnico"))
        return None

    def _serve(
        self, header: etree._Element, operation: str, element: etree._Element
    ) -> Response:
        now = self._now()
        with self.store as state:
            try:
                username = authenticate(
                    header, state, accounts=self.accounts, key=self._key, now=now
                )
            except Fault as fault:  # answered here: the store keeps the tries
                return _xml(fault.body, 500)
            office = Office(
                state=state,
                nif=username.partition("/")[0],
                now=now,
                code_length=self._code_length,
                has_activity=self.accounts[username].has_activity,
            )
            request = {
                str(child.tag): (child.text or "").strip()
                for child in element.iterchildren(etree.Element)
            }
            try:
                series, code, message = METHODS[operation](office, request)
            except Refusal as refusal:
                with self._counting:
                    self.refusals[refusal.code] += 1
                return _xml(answer(operation, [], refusal.code, refusal.message))
        if operation == "consultarSeries":
            return _xml(answer(operation, series, code, message))
        return self._done(operation, series, code, message)

    def _done(
        self, operation: str, series: list[Row], code: int, message: str
    ) -> Response:
        """Answer a change, unless a fault swallows the answer."""
        take = self.faults.take
        if take("accept_then_drop"):
            raise ConnectionResetError("the simulator hangs up")
        if take("stall"):
            self.patience_over.wait(STALL_SECONDS)
        if take("accept_then_5000"):
            return _xml(answer(operation, [], 5000, "Erro técnico"))
        if take("accept_without_code"):
            return _xml(answer(operation, [], code, "Operação efetuada"))
        body = answer(operation, series, code, message)
        if take("truncated"):
            return _xml(body[: len(body) // 2])
        return _xml(body)


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(body, status, content_type="text/xml; charset=utf-8")


def _html(status: int, **headers: str) -> Response:
    return Response(
        _HTML, status, headers=headers, content_type="text/html; charset=utf-8"
    )


# What is answered instead of any request; AT's own faults, and what a proxy or a
# firewall before AT says.
_ANSWERS = {
    "soap_fault": lambda: _xml(soap_fault("S:Server", "Erro interno"), 500),
    "soap12_fault": lambda: _xml(soap_12_fault(), 500),
    "number_fault": lambda: _xml(soap_fault("33", "Pedido SOAP inválido"), 500),
    "client_fault": lambda: _xml(client_fault().body, 500),
    "authentication_down": lambda: _xml(
        authentication_fault(1050, "Erro interno na autenticação").body, 500
    ),
    "html": lambda: _html(503),
    "html_200": lambda: _html(200),
    "forbidden": lambda: _html(403),
    "too_many": lambda: _html(429, **{"Retry-After": "30"}),
    "empty": lambda: _xml(b""),
}
