"""Answers that the simulator does not give, but AT or what stands before it may."""

import pytest
import requests
from at_samples import new_series
from at_series import (
    Credentials,
    RejectedError,
    SeriesClient,
    SetupError,
    TemporaryError,
    UnknownOutcomeError,
    open_session,
)
from at_series.answer import check_answer
from at_series.errors import error_from_code
from at_series.simulator import envelope
from at_series.simulator.certificates import cipher_pair
from werkzeug.wrappers import Response

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"


def answer(content, status=200, **headers):
    response = requests.Response()
    response.status_code = status
    response.reason = "reason"
    response._content = content.encode()
    response.headers.update(headers)
    return response


def fault_11(code, detail=""):
    return (
        f'<S:Envelope xmlns:S="{SOAP_11}"><S:Body><S:Fault>'
        f"<faultcode>{code}</faultcode><faultstring>words</faultstring>"
        f"{detail}</S:Fault></S:Body></S:Envelope>"
    )


def fault_12(code):
    return (
        f'<e:Envelope xmlns:e="{SOAP_12}"><e:Body><e:Fault><e:Code><e:Value>{code}'
        "</e:Value></e:Code><e:Reason><e:Text>words</e:Text></e:Reason></e:Fault>"
        "</e:Body></e:Envelope>"
    )


def authentication(code, tries=""):
    return (
        '<detail><n:AuthenticationException xmlns:n="urn:any"><AuthenticationFailed>'
        f"<Code>{code}</Code><Message>palavras</Message>{tries}"
        "</AuthenticationFailed></n:AuthenticationException></detail>"
    )


@pytest.mark.parametrize(
    ("content", "status", "family", "code"),
    [
        (fault_11("S:Client"), 500, RejectedError, "soap_client"),
        (fault_11("S:Client"), 200, RejectedError, "soap_client"),
        (fault_11("S:Server"), 500, UnknownOutcomeError, "soap_server"),
        (fault_11("33"), 500, SetupError, "33"),
        (fault_11("5000"), 500, UnknownOutcomeError, "5000"),
        (fault_11("S:Client.Authentication"), 500, SetupError, "Client.Authentication"),
        (fault_11("S:Client", authentication(1101)), 500, SetupError, "1101"),
        (fault_11("S:Server", authentication(1050)), 500, TemporaryError, "1050"),
        (fault_11("S:Client", authentication("?")), 500, SetupError, "?"),
        (fault_12("e:Sender"), 400, RejectedError, "soap_client"),
        (fault_12("e:Receiver"), 500, UnknownOutcomeError, "soap_server"),
        ("<html><p>Bad gateway", 502, UnknownOutcomeError, "http_502"),
        ("<html/>", 200, UnknownOutcomeError, "http_200"),
        ("", 200, UnknownOutcomeError, "http_200"),
        ("", 302, UnknownOutcomeError, "http_302"),
        ("Forbidden", 403, SetupError, "http_403"),
        ("Slow down", 429, TemporaryError, "http_429"),
        (
            f'<!DOCTYPE x [<!ENTITY e "e">]><S:Envelope xmlns:S="{SOAP_11}"/>',
            200,
            UnknownOutcomeError,
            "http_200",
        ),
        (f'<S:Envelope xmlns:S="{SOAP_11}"/>', 500, UnknownOutcomeError, "http_500"),
    ],
)
def test_shapes(content, status, family, code):
    with pytest.raises(TemporaryError if family is TemporaryError else family) as got:
        check_answer(answer(content, status), changes=True)
    assert (type(got.value), got.value.code) == (family, code)


def test_tries_left_are_told():
    tries = "<NumberOfTriesRemaining>2</NumberOfTriesRemaining>"
    fault = fault_11("S:Client.Authentication", authentication(99, tries))
    with pytest.raises(SetupError) as raised:
        check_answer(answer(fault, 500), changes=True)
    assert (raised.value.tries_left, raised.value.message) == (2, "palavras")


def test_retry_after_is_told():
    with pytest.raises(TemporaryError) as raised:
        check_answer(answer("", 503, **{"Retry-After": "120"}), changes=False)
    assert raised.value.retry_after == 120


@pytest.mark.parametrize(
    ("codes", "family"),
    [
        ((1, 10, 12, 33, 99, 1040, 1100, 1200, 1299), SetupError),
        ((1050, 1059), TemporaryError),
        ((4000, 4001, 4043, 4049, 4051, 4999), RejectedError),
        ((0, 100, 3000, 5000, 9999), UnknownOutcomeError),
    ],
)
def test_codes(codes, family):
    for code in codes:
        error = error_from_code(code, "words", changes=True)
        assert (type(error), error.code) == (family, str(code))


SERIES = {
    "serie": "A2026",
    "tipoSerie": "N",
    "classeDoc": "SI",
    "tipoDoc": "FT",
    "numInicialSeq": 1,
    "dataInicioPrevUtiliz": "2026-07-01",
    "meioProcessamento": "PI",
    "numCertSWFatur": 0,
    "codValidacaoSerie": "BCDF2345",
    "dataRegisto": "2026-07-01",
    "estado": "A",
    "dataEstado": "2026-07-01T10:00:00Z",
    "nifComunicou": "509987656",
}


def client_of(operation, series, code):
    """Return a client whose every question gets the same answer."""
    body = envelope.answer(operation, series, code, "palavras")
    application = Response(body, content_type="text/xml")
    session = open_session("https://localhost", simulator=application)
    credentials = Credentials("509987656/1", "x", cipher_pair()[1])
    return SeriesClient(session, "https://localhost", credentials)


@pytest.mark.parametrize("code", [2001, 2009])
def test_a_yes_shows_what_it_is_about(code):
    info = client_of("registarSerie", [SERIES], code).registar_serie(new_series())
    assert info.cod_validacao_serie == "BCDF2345"


@pytest.mark.parametrize(
    "series",
    [
        [],
        [{**SERIES, "codValidacaoSerie": "BCDF234"}],
        [{**SERIES, "codValidacaoSerie": ""}],
        [{**SERIES, "serie": "B2026"}],
        [{**SERIES, "tipoDoc": "NC"}],
        [{**SERIES, "dataEstado": None}],
    ],
)
@pytest.mark.parametrize("code", [2001, 2009])
def test_a_yes_about_nothing_or_something_else_is_unknown(series, code):
    with pytest.raises(UnknownOutcomeError):
        client_of("registarSerie", series, code).registar_serie(new_series())


def test_an_unknown_letter_does_not_hide_the_series():
    series = [{**SERIES, "tipoDoc": "XX", "estado": "?"}, SERIES]
    found = client_of("consultarSeries", series, 2002).consultar_series()
    assert [(info.tipo_doc, info.estado) for info in found] == [
        ("XX", "?"),
        ("FT", "A"),
    ]


def test_another_yes_is_none_for_a_question():
    with pytest.raises(TemporaryError):
        client_of("consultarSeries", [SERIES], 2001).consultar_series()
