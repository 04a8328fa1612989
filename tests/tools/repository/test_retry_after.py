"""Retry-After means the same in all three protocol packages."""

import importlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from repository_layout import PACKAGES
from requests import Response

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = 24 * 3600


@pytest.fixture(params=PACKAGES.values(), ids=PACKAGES)
def package(request):
    return request.param.name


def answer(header, status=429):
    response = Response()
    response.status_code, response.reason, response._content = status, "", b""
    if header is not None:
        response.headers["Retry-After"] = header
    return response


def temporary_error(package, header):
    """Return the error that the package makes of an answer 429."""
    if package == "at_series":
        check = importlib.import_module("at_series.answer").check_answer
        arguments = {"changes": True}
    elif package == "maventa_api":
        check = importlib.import_module("maventa_api.answers").read_json
        arguments = {}
    else:
        check = importlib.import_module("billingo_api.answers").check_status
        arguments = {}
    errors = importlib.import_module(f"{package}.errors")
    with pytest.raises(errors.TemporaryError) as caught:
        check(answer(header), **arguments)
    return caught.value


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("0", 0),
        ("-3", 0),
        ("9" * 400, DAY),
        ("inf", DAY),
        ("999999", DAY),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_error_carries_the_seconds_to_wait(package, header, seconds):
    assert temporary_error(package, header).retry_after == seconds


def test_date_is_counted_from_now(package):
    transport = importlib.import_module(f"{package}.transport")
    response = answer(format_datetime(NOW + timedelta(seconds=90), usegmt=True))
    assert transport.retry_after_seconds(response, NOW) == 90
    assert transport.retry_after_seconds(response, NOW + timedelta(days=1)) == 0
