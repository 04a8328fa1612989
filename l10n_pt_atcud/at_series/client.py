"""The four operations of the series web service: values in, values out."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import pathlib
import time
from collections.abc import Callable

import requests
import zeep
import zeep.exceptions
import zeep.transports
import zeep.wsdl

from .answer import check_answer, error_without_answer
from .clock import utc_now
from .errors import SeriesError, error_from_code, lost
from .exchange import Exchange, masked
from .messages import Annulment, Finalisation, NewSeries, Query
from .security import Credentials, SecurityHeader
from .series_info import SeriesInfo, info_from_answer

WSDL = pathlib.Path(__file__).parent / "wsdl" / "SeriesWSService.wsdl"
BINDING = "{http://at.gov.pt/}SeriesWSPortBinding"
PATH = "/SeriesWSService"
USER_AGENT = "l10n_pt_atcud (Odoo)"

# Series manual, section 1.2.2: 722 tests, 422 does not.
TEST_ORIGIN = "https://servicos.portaldasfinancas.gov.pt:722"
PRODUCTION_ORIGIN = "https://servicos.portaldasfinancas.gov.pt:422"

SUCCESS = {
    "registarSerie": 2001,
    "consultarSeries": 2002,
    "anularSerie": 2003,
    "finalizarSerie": 2004,
}


class SeriesClient:
    """Speak to the service for one taxpayer.

    All methods raise :class:`~.errors.SeriesError` and nothing else.

    :param session: from :func:`~.transport.open_session`
    :param keep_session: do not close it with the client: somebody else goes on with it
    :param origin: scheme, host and port of the service
    :param now: the clock, aware
    :param observe: called with every exchange, after its answer was understood
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
        self._observe = observe
        self._session = session
        self._keep_session = keep_session
        self._transport = _Transport(session)
        client = zeep.Client(
            _interface(),
            transport=self._transport,
            wsse=SecurityHeader(credentials, now),
        )
        self._service = client.create_service(BINDING, origin.rstrip("/") + PATH)

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        if not self._keep_session:
            self._session.close()

    @property
    def last_exchange(self) -> Exchange | None:
        """The request and answer of the last call, secrets masked."""
        return self._transport.last_exchange

    def registar_serie(self, new: NewSeries) -> SeriesInfo:
        """Register a series and return it with its validation code.

        :raise RejectedError: AT said no; code ``4001``: it is registered already
        :raise UnknownOutcomeError: AT may have registered it, or said so without a
            code that can be used: consult before repeating
        """
        answer = self._call("registarSerie", new.elements())
        info = answer.infoSerie and info_from_answer(answer.infoSerie)
        if not info or not info.is_complete or not info.concerns(new):
            result = answer.infoResultOper
            raise lost(changes=True)(result.msgResultOper, code="no_code")
        return info

    def finalizar_serie(self, end: Finalisation) -> SeriesInfo | None:
        """Say that a series has had its last document; return what AT says of it."""
        answer = self._call("finalizarSerie", end.elements())
        return answer.infoSerie and info_from_answer(answer.infoSerie)

    def anular_serie(self, annulment: Annulment) -> SeriesInfo | None:
        """Annul a registration for ever; return what AT says of the series."""
        answer = self._call("anularSerie", annulment.elements())
        return answer.infoSerie and info_from_answer(answer.infoSerie)

    def consultar_series(self, query: Query | None = None) -> tuple[SeriesInfo, ...]:
        """Return the series that match ``query``, by default all of the taxpayer."""
        answer = self._call("consultarSeries", (query or Query()).elements())
        return tuple(info_from_answer(info) for info in answer.infoSerie or ())

    def find(self, new: NewSeries) -> SeriesInfo | None:
        """Return the series that blocks or is ``new``, whatever its state."""
        query = Query(serie=new.serie, tipo_doc=new.tipo_doc)
        found = (info for info in self.consultar_series(query) if info.concerns(new))
        return next(found, None)

    def _call(self, operation: str, elements: dict):
        self._transport.begin(operation, operation != "consultarSeries")
        code = None
        try:
            answer = self._ask(operation, elements)
            code = str(answer.infoResultOper.codResultOper)
            return answer
        except SeriesError as error:
            code = error.code
            raise
        finally:
            exchange = self._transport.conclude(code)
            if exchange and self._observe:
                self._observe(exchange)

    def _ask(self, operation: str, elements: dict):
        changes = operation != "consultarSeries"
        try:
            answer = getattr(self._service, operation)(**elements)
        except SeriesError:
            raise
        except requests.exceptions.RequestException as error:
            raise error_without_answer(error, changes=changes) from error
        except zeep.exceptions.Error as error:  # XML, but not the promised one
            raise lost(changes)(str(error), code="bad_answer") from error
        result = answer and answer.infoResultOper
        if not result or result.codResultOper is None:
            raise lost(changes)(code="bad_answer")
        code = int(result.codResultOper)
        # Another 2xxx is a yes as well, but only what comes with it can show of what.
        if code != SUCCESS[operation] and not (
            2000 <= code <= 2999 and operation == "registarSerie" and answer.infoSerie
        ):
            raise error_from_code(code, result.msgResultOper or "", changes=changes)
        return answer


@functools.cache
def _interface() -> zeep.wsdl.Document:
    """Return the parsed WSDL: it costs as much as a call, and never changes."""
    return zeep.wsdl.Document(str(WSDL), zeep.transports.Transport())


class _Transport(zeep.transports.Transport):
    """Post once, remember the exchange, and let only true answers through to zeep."""

    def __init__(self, session):
        super().__init__(session=session)
        # zeep lets sessions read files by URL; this one reaches AT and nothing else.
        session.adapters.pop("file://", None)
        session.headers["User-Agent"] = USER_AGENT
        self.last_exchange: Exchange | None = None
        self._operation = ""
        self._changes = False

    def begin(self, operation: str, changes: bool) -> None:
        self._operation = operation
        self._changes = changes
        self.last_exchange = None

    def conclude(self, code: str | None) -> Exchange | None:
        """Add what the answer was taken for; ``None`` when nothing was sent."""
        if self.last_exchange:
            self.last_exchange = dataclasses.replace(self.last_exchange, code=code)
        return self.last_exchange

    def post(self, address, message, headers):
        # Not zeep's own: that one writes whole messages to the log when asked to.
        start = time.monotonic()
        response = None
        try:
            response = self.session.post(
                address, data=message, headers=headers, allow_redirects=False
            )
        finally:
            self.last_exchange = Exchange(
                operation=self._operation,
                address=address,
                request=masked(message),
                answer=None if response is None else masked(response.content),
                status=None if response is None else response.status_code,
                seconds=time.monotonic() - start,
            )
        check_answer(response, changes=self._changes)
        return response
