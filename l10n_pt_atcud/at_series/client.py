"""The four operations of the series web service: values in, values out."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import pathlib
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import requests
import zeep
import zeep.transports
import zeep.wsdl
from lxml import etree

from .answer import check_answer, error_without_answer
from .clock import lisbon_date, utc_now
from .errors import (
    RejectedError,
    SeriesError,
    TemporaryError,
    UnknownOutcomeError,
    error_from_code,
    lost,
)
from .exchange import Exchange, masked
from .reader import Answer, UnreadableAnswer, read_answer
from .security import Credentials, SecurityHeader
from .series_info import SeriesInfo
from .series_requests import Annulment, Estado, Finalisation, NewSeries, Query

WSDL = pathlib.Path(__file__).parent / "wsdl" / "SeriesWSService.wsdl"
BINDING = "{http://at.gov.pt/}SeriesWSPortBinding"
PATH = "/SeriesWSService"
USER_AGENT = "l10n_pt_atcud (Odoo)"

# Series manual, section 1.2.2: 722 is the test environment, 422 is production.
TEST_ORIGIN = "https://servicos.portaldasfinancas.gov.pt:722"
PRODUCTION_ORIGIN = "https://servicos.portaldasfinancas.gov.pt:422"

SUCCESS = {
    "registarSerie": 2001,
    "consultarSeries": 2002,
    "anularSerie": 2003,
    "finalizarSerie": 2004,
}
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
_OPERATIONS: dict[type, str] = {
    NewSeries: "registarSerie",
    Finalisation: "finalizarSerie",
    Annulment: "anularSerie",
}
_Result = TypeVar("_Result")


class _Message(Protocol):
    def elements(self) -> dict[str, Any]: ...


class SeriesClient:
    """Call the service for one taxpayer.

    All methods raise :class:`~.errors.SeriesError` and nothing else: a value that is
    missing or cannot be written is a ``RejectedError`` before anything is sent, an
    answer that is not understood leaves the outcome unknown (or, for a question, is a
    ``TemporaryError``), and the raw answer stays in :attr:`last_exchange`.

    :param session: from :func:`~.transport.open_session`
    :param keep_session: do not close it with the client: others go on using it
    :param origin: scheme, host and port of the service
    :param now: the clock, aware
    :param observe: called with every exchange, after its answer was understood; what
        it raises is raised
    :raise SetupError: AT's key cannot be read
    """

    def __init__(
        self,
        session: requests.Session,
        origin: str,
        credentials: Credentials,
        *,
        now: Callable[[], datetime.datetime] = utc_now,
        observe: Callable[[Exchange], None] | None = None,
        keep_session: bool = False,
    ):
        self.credentials = credentials
        #: the request and answer of the last call, secrets masked
        self.last_exchange: Exchange | None = None
        self._observe = observe
        self._session = session
        self._session.headers["User-Agent"] = USER_AGENT
        self._keep_session = keep_session
        self._now = now
        self._address = origin.rstrip("/") + PATH
        interface = _interface()
        # zeep writes the messages; what is sent and read goes through our own hands.
        self._writer = zeep.Client(
            interface,
            transport=interface.transport,
            wsse=SecurityHeader(credentials, now),
        )
        self._service = self._writer.create_service(BINDING, self._address)

    def __enter__(self) -> SeriesClient:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        if not self._keep_session:
            self._session.close()

    # === PUBLIC === #

    def check_request(self, message: NewSeries | Finalisation | Annulment) -> None:
        """Raise what would keep ``message`` from being sent; nothing is sent.

        For a caller that commits its intent before it calls: an intent that can never
        be sent would stay open for ever.

        :raise RejectedError: codes ``missing_value``, ``bad_request``
        :raise SetupError: the credentials cannot be written; code ``credentials``
        """
        self._request(_OPERATIONS[type(message)], message)

    def registar_serie(self, new: NewSeries) -> SeriesInfo:
        """Register a series and return it with its validation code.

        Whatever the answer says is compared with ``new`` as exactly as a series that
        was found by :meth:`find` would be.

        :raise RejectedError: AT refused; code ``4001``: it is registered already
        :raise UnknownOutcomeError: AT may have registered it, or confirmed something
            else (``no_code``, ``different``): consult before the next attempt
        """
        return self._call(
            "registarSerie", new, lambda answer: self._registered(answer, new)
        )

    def finalizar_serie(self, end: Finalisation) -> SeriesInfo | None:
        """Report the last document of a series; return what AT says of it, if it does.

        :raise UnknownOutcomeError: or AT confirmed something else (``other_series``,
            ``different``)
        """
        return self._call(
            "finalizarSerie", end, lambda answer: _ended(answer, end, Estado.FINALISED)
        )

    def anular_serie(self, annulment: Annulment) -> SeriesInfo | None:
        """Annul a registration for ever; return what AT says of the series, if it does.

        :raise UnknownOutcomeError: as for :meth:`finalizar_serie`
        """
        return self._call(
            "anularSerie",
            annulment,
            lambda answer: _ended(answer, annulment, Estado.ANNULLED),
        )

    def consultar_series(self, query: Query | None = None) -> tuple[SeriesInfo, ...]:
        """Return the series that match ``query``, by default all of the taxpayer.

        A row that does not name its series is among them (``is_identified``): while
        there is one, it is not certain what AT does not know.
        """
        return self._call(
            "consultarSeries", query or Query(), lambda answer: answer.series
        )

    def find(self, new: NewSeries) -> SeriesInfo | None:
        """Return the series that blocks or is ``new``, whatever its state.

        :raise TemporaryError: the answer leaves open whether AT knows it
            (``unreadable_series``), or knows it twice (``ambiguous``)
        """
        query = Query(serie=new.serie, tipo_doc=new.tipo_doc)
        return self._call("consultarSeries", query, lambda answer: _found(answer, new))

    # === HELPERS === #

    def _registered(self, answer: Answer, new: NewSeries) -> SeriesInfo:
        found = {info for info in answer.series if info.concerns(new)}
        if len(found) != 1:
            raise UnknownOutcomeError(answer.message, code="no_code")
        info = found.pop()
        differences = info.differences(new, self.credentials.nif)
        if differences:
            text = ", ".join(
                f"{name}: {at} / {ours}" for name, (at, ours) in differences.items()
            )
            raise UnknownOutcomeError(text, code="different")
        if not info.is_complete:
            raise UnknownOutcomeError(answer.message, code="no_code")
        # What was registered just now was registered today, as it was requested.
        today = lisbon_date(self._now())
        return dataclasses.replace(
            _with_start_date(info, new), data_registo=info.data_registo or today
        )

    def _call(
        self,
        operation: str,
        message: _Message,
        understand: Callable[[Answer], _Result],
    ) -> _Result:
        """Send ``message``, understand the answer, and note the exchange."""
        self.last_exchange = None
        code = None
        try:
            answer = self._answer(operation, message)
            code = str(answer.code)
            return understand(answer)
        except SeriesError as error:
            code = error.code
            raise
        except Exception as error:
            unexpected = self._unexpected(error, operation)
            code = unexpected.code
            raise unexpected from error
        finally:
            self._note(code)

    def _note(self, code: str | None) -> None:
        """Add what the answer was taken for, and show the exchange if there was one."""
        if self.last_exchange:
            self.last_exchange = dataclasses.replace(self.last_exchange, code=code)
            if self._observe:
                self._observe(self.last_exchange)

    def _unexpected(self, error: Exception, operation: str) -> SeriesError:
        """Return the error for an exception that nothing else has caught."""
        if self.last_exchange is None:
            return RejectedError(str(error), code="bad_request")
        return lost(operation != "consultarSeries")(str(error), code="bad_answer")

    def _answer(self, operation: str, message: _Message) -> Answer:
        changes = operation != "consultarSeries"
        request = self._request(operation, message)
        response = self._post(operation, request, changes)
        root = check_answer(response, changes=changes)
        try:
            answer = read_answer(root, operation)
        except UnreadableAnswer as error:
            raise lost(changes)(str(error), code="bad_answer") from error
        # Another 2xxx is a yes as well, but only what comes with it can show of what.
        if answer.code != SUCCESS[operation] and not (
            2000 <= answer.code <= 2999
            and operation == "registarSerie"
            and answer.series
        ):
            raise error_from_code(answer.code, answer.message, changes=changes)
        return answer

    def _request(self, operation: str, message: _Message) -> bytes:
        """Return the envelope of a message, with a fresh security header.

        :raise RejectedError: it cannot be written, or AT's schema forbids a value;
            nothing was sent
        """
        try:
            envelope = self._writer.create_message(
                self._service, operation, **message.elements()
            )
            _schema().assertValid(envelope.find("{*}Body")[0])
            return etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        except SeriesError:
            raise
        except Exception as error:
            raise RejectedError(str(error), code="bad_request") from error

    def _post(self, operation: str, request: bytes, changes: bool) -> requests.Response:
        """Post once; whatever becomes of it, the exchange is kept."""
        start = time.monotonic()
        exchange = Exchange(
            operation=operation,
            address=self._address,
            request=masked(request),
            answer=None,
            status=None,
            seconds=0.0,
        )
        self.last_exchange = exchange
        response = None
        try:
            response = self._session.post(
                self._address, data=request, headers=_HEADERS, allow_redirects=False
            )
            kept = masked(response.content, response.headers.get("Content-Type"))
            exchange = dataclasses.replace(
                exchange, answer=kept, status=response.status_code
            )
            return response
        except Exception as error:
            raise error_without_answer(error, changes=changes) from error
        finally:
            seconds = time.monotonic() - start
            self.last_exchange = dataclasses.replace(exchange, seconds=seconds)


def _ended(
    answer: Answer, request: Finalisation | Annulment, state: Estado
) -> SeriesInfo | None:
    """Return what AT says of a series that it has just closed."""
    if not answer.series:
        return None
    found = {info for info in answer.series if info.concerns(request)}
    if len(found) != 1:
        raise UnknownOutcomeError(answer.message, code="other_series")
    info = found.pop()
    if info.estado not in ("", state) or info.cod_validacao_serie not in (
        "",
        request.cod_validacao_serie,
    ):
        raise UnknownOutcomeError(answer.message, code="different")
    return info


def _found(answer: Answer, new: NewSeries) -> SeriesInfo | None:
    found = {info for info in answer.series if info.concerns(new)}
    if len(found) > 1:
        raise TemporaryError(answer.message, code="ambiguous")
    if found:
        return _with_start_date(found.pop(), new)
    if not all(info.is_identified for info in answer.series):
        raise TemporaryError(answer.message, code="unreadable_series")
    return None


def _with_start_date(info: SeriesInfo, new: NewSeries) -> SeriesInfo:
    """A start date that AT leaves out is the one that was requested."""
    start = info.data_inicio_prev_utiliz or new.data_inicio_prev_utiliz
    return dataclasses.replace(info, data_inicio_prev_utiliz=start)


@functools.cache
def _schema() -> etree.XMLSchema:
    """Return the schema of the messages: that of our WSDL."""
    (schema,) = etree.parse(str(WSDL)).iterfind(
        ".//{http://www.w3.org/2001/XMLSchema}schema"
    )
    return etree.XMLSchema(schema)


@functools.cache
def _interface() -> zeep.wsdl.Document:
    """Return the parsed WSDL: it costs as much as a call, and never changes."""
    transport: Any = zeep.transports.Transport()
    return zeep.wsdl.Document(str(WSDL), transport)
