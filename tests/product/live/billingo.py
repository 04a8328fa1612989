"""Look at a real Billingo account: by hand, reading only, and telling no secrets.

    BILLINGO_LIVE_KEY=... python tests/product/live/billingo.py [2026-01-31]

Tells how the account's documents fare with this importer: how many figures agree, and
what the service sends that is not known here. Names, numbers and amounts are not shown.
Without a key nothing is asked. The date is the first day of issue; else 90 days ago.
"""

import os
import pathlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "account_billingo_import"))

from billingo_api import HOST, BillingoClient, book, errors
from billingo_api.kinds import KINDS
from billingo_api.transport import open_session

VARIABLE = "BILLINGO_LIVE_KEY"
PAGES = 3  # of up to 100 documents


class ReadOnlySession:
    """What the client needs of a session, and no way to write or to go elsewhere."""

    def __init__(self, session):
        self._session = session

    def get(self, url, **options):
        """Read from Billingo's own host.

        :raise ValueError: another host, or not encrypted
        """
        place = urlsplit(url)
        if f"{place.scheme}://{place.netloc}" != HOST:
            raise ValueError(f"only {HOST} is read")
        return self._session.get(url, **{**options, "allow_redirects": False})

    def close(self):
        """Give the connections back."""
        self._session.close()


def observations(client: BillingoClient, since: date) -> Iterator[str]:
    """Yield what was seen, line by line, without anybody's data."""
    organization = client.organization()
    yield f"subscription until {organization.subscription.expiration_date}"
    yield f"blocks: {len(client.blocks())}"
    documents = []
    page = last = 1
    while page <= min(last, PAGES):
        answer = client.documents(page, start_date=since)
        documents += answer.documents
        last = answer.last_page
        page += 1
    yield f"documents since {since}: {answer.total}, read: {len(documents)}"
    counts = Counter(document.type for document in documents)
    for kind, count in sorted(counts.items()):
        unknown = "" if kind in KINDS else " (not known here)"
        yield f"type {kind}: {count}{unknown}"
    for verdict, count in sorted(Counter(map(verdict_of, documents)).items()):
        yield f"{verdict}: {count}"
    booked = [x for x in documents if x.type in ("invoice", "advance")]
    if booked:
        pdf = client.download(booked[0].id)
        yield "PDF: " + ("not made yet" if pdf is None else f"{len(pdf)} bytes")


def verdict_of(document) -> str:
    """Tell whether a document's figures agree, as far as it alone can show."""
    kind = KINDS.get(document.type)
    if not kind or not kind.is_booked or kind.is_receipt:
        return "not for the books"
    try:
        booking = book(document)
    except errors.MismatchError as error:
        return f"refused ({error.code})"
    return "agrees" if booking.is_exact else "off by one unit"


def main(arguments, environment) -> int:
    """Run from a shell; return its exit code."""
    key = environment.get(VARIABLE)
    if not key:
        print(f"Nothing was asked: {VARIABLE} holds no API key.", file=sys.stderr)
        return 2
    since = date.today() - timedelta(days=90)
    if arguments:
        since = date.fromisoformat(arguments[0])
    session = ReadOnlySession(open_session(HOST))
    try:
        with BillingoClient(session, HOST, key) as client:
            for line in observations(client, since):
                print(line)
    except errors.BillingoError as error:
        print(f"{type(error).__name__} {error.code}: {error.words}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
