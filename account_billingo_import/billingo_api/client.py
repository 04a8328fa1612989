"""A client for Billingo's API v3 that only reads."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import requests
import urllib3

from .answers import check_status, read_list, read_object, read_pdf
from .errors import RejectedError, SetupError, TemporaryError
from .messages import Document, DocumentBlock, DocumentPage, OrganizationData
from .numbers import NumberRange
from .parsing import amount, parse_block, parse_document, parse_organization, text
from .payments import PaymentHistory, parse_payments
from .spendings import parse_spending
from .transport import AnswerLimitError

HOST = "https://api.billingo.hu"
PAGE_SIZE = 100  # the most that Billingo gives at once
SPACING = 0.25  # seconds between requests: four a second, Billingo allows five
RETRIES = 3  # of a request that was answered with 429
LONGEST_WAIT = 10.0  # seconds; longer waits belong to a scheduler
MOST_PAGES = 1000  # of a list that is read in one go: a hundred thousand rows
MOST = 10**9  # pages and documents; a list that says more does not mean it
ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
# What requests and what stands below it raise on odd answers: a Location that is no
# text or no address, a header that breaks its protocol, a body that cannot be read.
NETWORK_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)


class Pace:
    """Leave ``spacing`` seconds between the starts of two requests."""

    def __init__(
        self,
        spacing: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Any],
    ):
        self._spacing = spacing
        self._clock = clock
        self._sleep = sleep
        self._next: float | None = None

    def keep(self) -> None:
        """Sleep until the next request may start."""
        now = self._clock()
        if self._next is not None and self._next > now:
            self._sleep(self._next - now)
            now = self._next
        self._next = now + self._spacing


class BillingoClient:
    """Read one Billingo account.

    Every call raises ``SetupError`` (401, 402, 403), ``RejectedError`` (400, 404,
    422) or ``TemporaryError`` (429, 5xx, network, bodies that are not what they
    should be), and nothing else.

    :param session: from ``transport.open_session``
    :param origin: scheme and host, without a path
    :param page_size: documents per page, 1 to 100
    :param spacing: seconds between the starts of two requests
    :param clock: monotonic seconds; ``sleep``: how to wait. Tests give their own.
    """

    def __init__(
        self,
        session: requests.Session,
        origin: str,
        api_key: str,
        *,
        user_agent: str = "account_billingo_import",
        page_size: int = PAGE_SIZE,
        spacing: float = SPACING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Any] = time.sleep,
    ):
        self._session = session
        self._base = f"{origin.rstrip('/')}/v3"
        self._headers = {
            "X-API-KEY": api_key.strip(),
            "Accept": "application/json",
            "User-Agent": user_agent,
        }
        self._page_size = min(max(page_size, 1), PAGE_SIZE)
        self._pace = Pace(spacing, clock, sleep)
        self._sleep = sleep

    def __enter__(self) -> BillingoClient:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._session.close()

    def organization(self) -> OrganizationData:
        """Return the company of the key and the end of its subscription.

        The cheapest call there is, and so the one that checks a key.
        """
        return parse_organization(read_object(self._get("/organization")))

    def blocks(self) -> tuple[DocumentBlock, ...]:
        """List the account's document blocks."""
        found: list[DocumentBlock] = []
        page = last = 1
        while page <= last:
            body = self._list("/document-blocks", page, {})
            blocks = [parse_block(raw) for raw in body["data"]]
            new = [block for block in blocks if block not in found]
            if blocks and not new and page > 1:
                raise TemporaryError(code="endless_list")
            found += new
            last = self._last_page(body, page)
            page = _next(page)
        return tuple(block for block in found if block.id)

    def documents(
        self,
        page: int = 1,
        *,
        start_date: date | None = None,
        end_date: date | None = None,
        modified_since: datetime | None = None,
        numbers: NumberRange | None = None,
    ) -> DocumentPage:
        """Read one page, newest documents first.

        ``type`` is never sent: Billingo's two specifications disagree on it, and
        the list without it has everything (sheet 1.5).

        :param start_date: issued on this day or later
        :param end_date: issued on this day or earlier
        :param modified_since: changed then or later; in Billingo's own time zone
        :param numbers: with a running number of that year, in whatever block
        """
        filters: dict[str, str | int] = {}
        if start_date:
            filters["start_date"] = start_date.isoformat()
        if end_date:
            filters["end_date"] = end_date.isoformat()
        if modified_since:
            filters["last_modified_date"] = f"{modified_since:%Y-%m-%d %H:%M:%S}"
        if numbers:
            filters |= {"start_number": numbers.first, "end_number": numbers.last}
            filters |= {"start_year": numbers.year, "end_year": numbers.year}
        body = self._list("/documents", page, filters)
        return self._page(body, page, parse_document)

    def spendings(
        self,
        page: int = 1,
        *,
        start_date: date | None = None,
        end_date: date | None = None,
    ) -> DocumentPage:
        """Read one page of the account's costs, by their day of issue.

        The list has no lines: see ``spending``.

        :param start_date: issued on this day or later
        :param end_date: issued on this day or earlier
        """
        filters = {"spending_date": "invoice_date"}
        if start_date:
            filters["start_date"] = start_date.isoformat()
        if end_date:
            filters["end_date"] = end_date.isoformat()
        return self._page(self._list("/spendings", page, filters), page, parse_spending)

    def spending(self, listed: Document) -> Document:
        """Read a spending of the list with its lines, where Billingo gives them."""
        raw = read_object(self._get(f"/spendings/{_checked_id(listed.id)}"))
        if text(raw.get("id")) != listed.id:
            raise TemporaryError(code="other_id")
        return parse_spending({**listed.raw, **raw})

    def _page(
        self, body: dict, page: int, parse: Callable[[Any], Document]
    ) -> DocumentPage:
        documents = [parse(raw) for raw in body["data"]]
        # Where Billingo does not count, what was seen so far: it never shrinks.
        seen = (page - 1) * self._page_size + len(documents)
        known = tuple(document for document in documents if document.id)
        last = self._last_page(body, page)
        if not known and page < last:
            # Ending here would leave out the pages behind.
            raise TemporaryError(code="empty_page")
        return DocumentPage(
            documents=known,
            total=_count(body.get("total"), seen),
            current_page=page,
            last_page=last,
        )

    def all_documents(self, **filters: Any) -> Iterator[Document]:
        """Walk all pages upwards; the filters are those of ``documents``."""
        page = last = 1
        seen: set[str] = set()
        while page <= last:
            answer = self.documents(page, **filters)
            ids = {document.id for document in answer.documents}
            if ids and ids <= seen:
                # The same page for ever, or a list that moved by a whole page.
                raise TemporaryError(code="endless_list")
            seen |= ids
            yield from answer.documents
            last = answer.last_page
            page = _next(page)

    def document(self, billingo_id: str) -> Document:
        """Read one document again."""
        path = f"/documents/{_checked_id(billingo_id)}"
        answer = parse_document(read_object(self._get(path)))
        if answer.id != str(billingo_id):
            raise TemporaryError(code="other_id")
        return answer

    def payments(self, billingo_id: str) -> tuple[PaymentHistory, ...]:
        """Return the payments of a document, in Billingo's order."""
        path = f"/documents/{_checked_id(billingo_id)}/payments"
        return parse_payments(read_list(self._get(path)))

    def download(self, billingo_id: str) -> bytes | None:
        """Return a document's PDF, None while Billingo is still making it."""
        path = f"/documents/{_checked_id(billingo_id)}/download"
        return read_pdf(self._get(path, accept="application/pdf"))

    def _last_page(self, body: dict, page: int) -> int:
        """Return the last page; where Billingo does not say it, read to the end.

        Then any page with something on it may have another behind it, however many
        Billingo puts on one.
        """
        stated = _count(body.get("last_page"), -1)
        if stated >= 0:
            return stated
        total, size = _count(body.get("total"), -1), _count(body.get("per_page"), 0)
        if total >= 0 and size > 0:
            return -(-total // size)
        return page + 1 if body["data"] else page

    def _list(self, path: str, page: int, filters: Mapping[str, str | int]) -> dict:
        params = {"page": page, "per_page": self._page_size, **filters}
        body = read_object(self._get(path, params))
        if not isinstance(body.get("data"), list):
            raise TemporaryError(code="not_json")
        if _count(body.get("current_page"), page) != page:
            raise TemporaryError(code="other_page")
        return body

    def _get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        accept: str | None = None,
    ) -> requests.Response:
        """GET, with retries after a short 429; a long one is for the caller."""
        for attempt in range(RETRIES + 1):
            try:
                return self._get_once(path, params, accept)
            except TemporaryError as error:
                wait = _back_off(error, attempt)
                if wait is None:
                    raise
                self._sleep(wait)
        raise AssertionError("the last attempt raises or returns")

    def _get_once(
        self,
        path: str,
        params: Mapping[str, str | int] | None,
        accept: str | None,
    ) -> requests.Response:
        if not _fits_a_header(self._headers["X-API-KEY"]):
            # As good as refused; the exception of a lower layer would quote the key.
            raise SetupError("The API key has characters that no key has.", code="401")
        self._pace.keep()
        headers = {**self._headers, **({"Accept": accept} if accept else {})}
        try:
            response = self._session.get(
                self._base + path,
                params=params,
                headers=headers,
                allow_redirects=False,
            )
        except AnswerLimitError as error:
            raise TemporaryError(str(error), code="answer_limit") from error
        except NETWORK_ERRORS as error:
            # The exception's text may quote headers: only its class is kept.
            raise TemporaryError(code=type(error).__name__) from error
        check_status(response)
        return response


def _fits_a_header(key: str) -> bool:
    return key.isascii() and key.isprintable()


def _back_off(error: TemporaryError, attempt: int) -> float | None:
    """Seconds to wait here, or None when the caller has to come back later."""
    if error.code != "429" or attempt >= RETRIES:
        return None
    wait = error.retry_after
    if wait is None:
        wait = 0.5 * 2**attempt * random.uniform(1.0, 1.25)
    return wait if wait <= LONGEST_WAIT else None


def _checked_id(billingo_id: str) -> str:
    """Return an id that is safe in a path.

    :raise RejectedError: it is not one of Billingo's
    """
    if not ID.fullmatch(str(billingo_id)):
        raise RejectedError(code="invalid_id")
    return str(billingo_id)


def _next(page: int) -> int:
    """Return the next page of a list that is read in one go.

    :raise TemporaryError: the list does not end, and would hold its reader for ever
    """
    if page >= MOST_PAGES:
        raise TemporaryError(code="long_list")
    return page + 1


def _count(value: Any, default: int) -> int:
    number = amount(value)
    return default if number is None or not 0 <= number <= MOST else int(number)
