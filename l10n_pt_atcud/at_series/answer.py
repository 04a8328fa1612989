"""Tell an answer of the service from everything else that can come back."""

from __future__ import annotations

import ssl

import requests
import urllib3
from lxml import etree

from .errors import (
    RejectedError,
    SeriesError,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
    error_from_code,
    lost,
)
from .exchange import parse
from .reader import local_name, text_of
from .text import whole_number
from .tls import failed_in_handshake
from .transport import AnswerLimitError, causes_of, retry_after_seconds

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"

# OpenSSL's names for "your certificate will not do" and "yours neither": the
# handshake failed, so the message was not read.
_TLS_REFUSALS = ("CERTIFICATE", "HANDSHAKE", "UNKNOWN_CA", "PROTOCOL", "VERSION")

# What ``requests`` raises before it opens a connection.
_NO_ADDRESS = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)
_ACCESS_REFUSED = (401, 403, 407)
_TOO_MANY_REQUESTS = 429


def check_answer(response: requests.Response, *, changes: bool) -> etree._Element:
    """Return the envelope of a SOAP answer without a fault.

    :param changes: whether the operation changes something at AT
    :raise SeriesError: of the family that the answer calls for
    """
    root = parse(response.content, response.headers.get("Content-Type"))
    if root is not None and root.tag == f"{{{SOAP_11}}}Envelope":
        fault = root.find(f"{{{SOAP_11}}}Body/{{{SOAP_11}}}Fault")
        if fault is not None:
            raise _fault_11(fault, changes)
        if 200 <= response.status_code <= 299 and not is_cut(response):
            return root
    elif root is not None and root.tag == f"{{{SOAP_12}}}Envelope":
        fault = root.find(f"{{{SOAP_12}}}Body/{{{SOAP_12}}}Fault")
        if fault is not None:
            raise _fault_12(fault, changes)
    raise _not_the_service(response, changes)


def is_cut(response: requests.Response) -> bool:
    """Tell whether fewer bytes came than the header promises."""
    promised = whole_number(response.headers.get("Content-Length"), 18)
    read = getattr(response.raw, "tell", None)
    if promised is None or read is None or "Transfer-Encoding" in response.headers:
        return False
    try:
        return int(read()) < promised
    except (ValueError, OSError):  # it cannot be counted any more
        return False


def _not_the_service(response: requests.Response, changes: bool) -> SeriesError:
    """A gateway, a proxy, half an answer or none: what is certain is little."""
    code = f"http_{response.status_code}"
    reason = response.reason or ""
    if response.status_code in _ACCESS_REFUSED:
        return SetupError(reason, code=code)
    wait = retry_after_seconds(response)
    if response.status_code == _TOO_MANY_REQUESTS:
        return TemporaryError(reason, code=code, retry_after=wait)
    if is_cut(response):
        code = "cut_answer"
    return lost(changes)(reason, code=code, retry_after=wait)


def _fault_11(fault: etree._Element, changes: bool) -> SeriesError:
    texts = _texts_by_name(fault)
    code = texts.get("faultcode", "").rpartition(":")[2]
    message = texts.get("faultstring", "")
    refusal = _detail(fault, "AuthenticationFailed")
    if refusal is not None or code.startswith("Client.Authentication"):
        return _authentication_error(refusal, code, message)
    number = whole_number(code)
    if number is not None:
        return error_from_code(number, message, changes=changes)
    if code.partition(".")[0] == "Client":
        return RejectedError(message, code="soap_client")
    return lost(changes)(message, code="soap_server")


def _authentication_error(
    refusal: etree._Element | None, code: str, message: str
) -> SeriesError:
    texts = {} if refusal is None else _texts_by_name(refusal)
    tries_left = whole_number(texts.get("NumberOfTriesRemaining"))
    if tries_left is not None and tries_left < 0:  # AT writes -1 where none count
        tries_left = None
    message = texts.get("Message") or message
    number = whole_number(texts.get("Code"))
    if number is not None:
        error = error_from_code(number, message, changes=False, tries_left=tries_left)
        if isinstance(error, (SetupError, TemporaryError)):
            return error
    return SetupError(message, code=texts.get("Code") or code, tries_left=tries_left)


def _fault_12(fault: etree._Element, changes: bool) -> SeriesError:
    code = fault.findtext(f"{{{SOAP_12}}}Code/{{{SOAP_12}}}Value") or ""
    message = fault.findtext(f"{{{SOAP_12}}}Reason/{{{SOAP_12}}}Text") or ""
    if code.strip().rpartition(":")[2] == "Sender":
        return RejectedError(message, code="soap_client")
    return lost(changes)(message, code="soap_server")


def _texts_by_name(parent: etree._Element) -> dict[str, str]:
    return {
        local_name(child): text_of(child)
        for child in parent.iterchildren(etree.Element)
    }


def _detail(fault: etree._Element, name: str) -> etree._Element | None:
    for element in fault.iter(etree.Element):
        if local_name(element) == name:
            return element
    return None


def error_without_answer(error: Exception, *, changes: bool) -> SeriesError:
    """Return the error for a request that got no answer at all.

    :param error: what ``requests``, or what it stands on, raised
    """
    if isinstance(error, _NO_ADDRESS):
        return SetupError(code="bad_address")  # and nothing was sent
    text = _system_text(error)
    for cause in causes_of(error):
        if isinstance(cause, ssl.SSLError):
            reason = cause.reason or ""
            if any(name in reason for name in _TLS_REFUSALS):
                detail = getattr(cause, "verify_message", "")
                return SetupError(detail, code=f"tls_{reason.lower()}")
    for cause in causes_of(error):
        if failed_in_handshake(cause) or isinstance(
            cause,
            (
                urllib3.exceptions.NewConnectionError,
                urllib3.exceptions.ConnectTimeoutError,
            ),
        ):
            return TemporaryError(text, code="no_connection")
    family = UnknownOutcomeError if changes else TemporaryError
    if isinstance(error, AnswerLimitError):
        return family(str(error), code="answer_limit")
    return family(text, code="no_answer")


def _system_text(error: BaseException) -> str:
    """Return what the operating system said, such as "Connection refused", or ""."""
    texts = (getattr(cause, "strerror", None) for cause in causes_of(error))
    return next((text for text in texts if isinstance(text, str)), "")
