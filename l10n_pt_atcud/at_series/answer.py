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
from .transport import retry_after_seconds

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


def check_answer(response: requests.Response, *, changes: bool) -> None:
    """Raise unless ``response`` is a SOAP answer without a fault.

    :param changes: whether the operation changes something at AT
    :raise SeriesError: of the family that the answer calls for
    """
    root = parse(response.content)
    if root is not None and root.tag == f"{{{SOAP_11}}}Envelope":
        fault = root.find(f"{{{SOAP_11}}}Body/{{{SOAP_11}}}Fault")
        if fault is not None:
            raise _fault_11(fault, changes)
        if response.ok:
            return
    elif root is not None and root.tag == f"{{{SOAP_12}}}Envelope":
        fault = root.find(f"{{{SOAP_12}}}Body/{{{SOAP_12}}}Fault")
        if fault is not None:
            raise _fault_12(fault, changes)
    raise _not_the_service(response, changes)


def _not_the_service(response, changes) -> SeriesError:
    """A gateway, a proxy, half an answer or none: what is certain is little."""
    code = f"http_{response.status_code}"
    if response.status_code in (401, 403, 407):
        return SetupError(response.reason or "", code=code)
    if response.status_code == 429:
        return TemporaryError(
            response.reason or "", code=code, retry_after=retry_after_seconds(response)
        )
    family = lost(changes)
    return family(
        response.reason or "", code=code, retry_after=retry_after_seconds(response)
    )


def _fault_11(fault, changes) -> SeriesError:
    code = (fault.findtext("faultcode") or "").strip().rpartition(":")[2]
    message = (fault.findtext("faultstring") or "").strip()
    refusal = _detail(fault, "AuthenticationFailed")
    if refusal is not None or code.startswith("Client.Authentication"):
        return _authentication_error(refusal, code, message)
    if code.isdecimal():
        return error_from_code(int(code), message, changes=changes)
    if code.partition(".")[0] == "Client":
        return RejectedError(message, code="soap_client")
    return lost(changes)(message, code="soap_server")


def _authentication_error(refusal, code, message) -> SeriesError:
    texts = {
        etree.QName(child).localname: (child.text or "").strip()
        for child in (refusal if refusal is not None else ())
        if isinstance(child.tag, str)
    }
    number = texts.get("Code", "")
    tries = texts.get("NumberOfTriesRemaining", "")
    tries_left = int(tries) if tries.isdecimal() else None
    message = texts.get("Message") or message
    if number.isdecimal():
        error = error_from_code(
            int(number), message, changes=False, tries_left=tries_left
        )
        if isinstance(error, (SetupError, TemporaryError)):
            return error
    return SetupError(message, code=number or code, tries_left=tries_left)


def _fault_12(fault, changes) -> SeriesError:
    code = fault.findtext(f"{{{SOAP_12}}}Code/{{{SOAP_12}}}Value") or ""
    message = fault.findtext(f"{{{SOAP_12}}}Reason/{{{SOAP_12}}}Text") or ""
    if code.strip().rpartition(":")[2] == "Sender":
        return RejectedError(message.strip(), code="soap_client")
    return lost(changes)(message.strip(), code="soap_server")


def _detail(fault, name):
    for element in fault.iter(etree.Element):
        if etree.QName(element).localname == name:
            return element
    return None


def error_without_answer(error: Exception, *, changes: bool) -> SeriesError:
    """Return the error for a request that got no answer at all.

    :param error: what ``requests`` raised
    """
    if isinstance(error, _NO_ADDRESS):
        return SetupError(code="bad_address")  # and nothing was sent
    words = _words_of_the_system(error)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            reason = cause.reason or ""
            if any(word in reason for word in _TLS_REFUSALS):
                detail = getattr(cause, "verify_message", "")
                return SetupError(detail, code=f"tls_{reason.lower()}")
        if isinstance(
            cause,
            (
                urllib3.exceptions.NewConnectionError,
                urllib3.exceptions.ConnectTimeoutError,
            ),
        ):
            return TemporaryError(words, code="no_connection")
    family = UnknownOutcomeError if changes else TemporaryError
    return family(words, code="no_answer")


def _words_of_the_system(error) -> str:
    """Return what the operating system said, such as "Connection refused", or ""."""
    words = (getattr(cause, "strerror", None) for cause in _causes(error))
    return next((one for one in words if isinstance(one, str)), "")


def _causes(error):
    """Yield ``error`` and all that is wrapped in it, each once."""
    waiting, seen = [error], set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (
            *current.args,
            getattr(current, "reason", None),
            current.__cause__,
            current.__context__,
        )
        waiting += [one for one in inner if isinstance(one, BaseException)]
