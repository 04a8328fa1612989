"""Answers that the simulator does not give, but AT or what stands before it may."""

import re

import pytest
import requests
from at_samples import new_series
from at_series import (
    SUSPENDED,
    WRONG_PASSWORD,
    WRONG_PASSWORD_OR_SUSPENDED,
    Annulment,
    Credentials,
    Estado,
    Finalisation,
    RejectedError,
    SeriesClient,
    SetupError,
    TemporaryError,
    TipoDoc,
    UnknownOutcomeError,
    clean_text,
    lisbon_date,
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
        f"<faultcode>{code}</faultcode><faultstring>text</faultstring>"
        f"{detail}</S:Fault></S:Body></S:Envelope>"
    )


def fault_12(code):
    return (
        f'<e:Envelope xmlns:e="{SOAP_12}"><e:Body><e:Fault><e:Code><e:Value>{code}'
        "</e:Value></e:Code><e:Reason><e:Text>text</e:Text></e:Reason></e:Fault>"
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
def test_each_shape_of_refusal_has_its_family(content, status, family, code):
    with pytest.raises(TemporaryError if family is TemporaryError else family) as got:
        check_answer(answer(content, status), changes=True)
    assert (type(got.value), got.value.code) == (family, code)


def test_tries_left_are_read():
    tries = "<NumberOfTriesRemaining>2</NumberOfTriesRemaining>"
    fault = fault_11("S:Client.Authentication", authentication(99, tries))
    with pytest.raises(SetupError) as raised:
        check_answer(answer(fault, 500), changes=True)
    assert (raised.value.tries_left, raised.value.message) == (2, "palavras")


def test_retry_after_is_read():
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
def test_each_code_has_its_family(codes, family):
    for code in codes:
        error = error_from_code(code, "text", changes=True)
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
    """Return a client whose every request gets the same answer."""
    body = envelope.answer(operation, series, code, "palavras")
    application = Response(body, content_type="text/xml")
    session = open_session("https://localhost", simulator=application)
    credentials = Credentials("509987656/1", "x", cipher_pair()[1])
    return SeriesClient(session, "https://localhost", credentials)


@pytest.mark.parametrize("code", [2001, 2009])
def test_a_success_shows_what_it_is_about(code):
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
        [{**SERIES, "codValidacaoSerie": "BCDF-2345"}],
        [{**SERIES, "codValidacaoSerie": "B" * 21}],
        [{**SERIES, "codValidacaoSerie": "bcdf2345"}],
        [{**SERIES, "estado": "N"}],
        [{**SERIES, "estado": None}],
        [{**SERIES, "tipoSerie": "F"}],
        [{**SERIES, "tipoSerie": None}],
        [{**SERIES, "numInicialSeq": 2}],
        [{**SERIES, "numInicialSeq": "9" * 400}],
        [{**SERIES, "numInicialSeq": None}],
        [{**SERIES, "nifComunicou": "599999993"}],
        [{**SERIES, "nifComunicou": None}],
        [{**SERIES, "meioProcessamento": "OM"}],
        [{**SERIES, "numCertSWFatur": 7}],
        [SERIES, {**SERIES, "codValidacaoSerie": "BCDF9999"}],
    ],
)
@pytest.mark.parametrize("code", [2001, 2009])
def test_a_success_about_nothing_or_something_else_is_unknown(series, code):
    client = client_of("registarSerie", series, code)
    with pytest.raises(UnknownOutcomeError) as raised:
        client.registar_serie(new_series())
    assert raised.value.code in ("no_code", "different", str(code))
    assert client.last_exchange.code == raised.value.code
    assert client.last_exchange.answer


@pytest.mark.parametrize(
    "name", ["classeDoc", "numCertSWFatur", "meioProcessamento", "dataEstado"]
)
def test_a_success_can_do_without_what_is_not_needed(name):
    client = client_of("registarSerie", [{**SERIES, name: None}], 2001)
    assert client.registar_serie(new_series()).cod_validacao_serie == "BCDF2345"


def test_dates_that_a_success_leaves_out_are_those_of_the_request():
    series = {**SERIES, "dataInicioPrevUtiliz": None, "dataRegisto": "soon"}
    new = new_series()
    info = client_of("registarSerie", [series], 2001).registar_serie(new)
    assert info.data_inicio_prev_utiliz == new.data_inicio_prev_utiliz
    assert info.data_registo == lisbon_date()


def test_of_several_series_the_requested_one_counts():
    series = [
        {**SERIES, "serie": "B2026", "codValidacaoSerie": "BCDF9999"},
        SERIES,
        {**SERIES, "tipoDoc": "NC", "codValidacaoSerie": "BCDF8888"},
    ]
    info = client_of("registarSerie", series, 2001).registar_serie(new_series())
    assert info.cod_validacao_serie == "BCDF2345"


END = Finalisation("A2026", TipoDoc.FT, "BCDF2345", 9)
ANNULMENT = Annulment("A2026", TipoDoc.FT, "BCDF2345", True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"serie": "B2026"}, "other_series"),
        ({"tipoDoc": "NC"}, "other_series"),
        ({"serie": ""}, "other_series"),
        ({"codValidacaoSerie": "BCDF9999"}, "different"),
        ({"estado": "A"}, "different"),
    ],
)
def test_the_end_of_another_series_is_unknown(changes, code):
    for operation, number, state, request in (
        ("finalizarSerie", 2004, "F", END),
        ("anularSerie", 2003, "N", ANNULMENT),
    ):
        series = {**SERIES, "estado": state, **changes}
        client = client_of(operation, [series], number)
        call = client.finalizar_serie if state == "F" else client.anular_serie
        with pytest.raises(UnknownOutcomeError) as raised:
            call(request)
        assert raised.value.code == code


def test_the_end_of_a_series_needs_no_row():
    assert client_of("finalizarSerie", [], 2004).finalizar_serie(END) is None
    assert client_of("anularSerie", [], 2003).anular_serie(ANNULMENT) is None


def test_a_row_without_a_name_hides_no_other():
    series = [{**SERIES, "serie": ""}, SERIES]
    client = client_of("consultarSeries", series, 2002)
    found = client.consultar_series()
    assert [info.is_identified for info in found] == [False, True]
    assert client.find(new_series()).cod_validacao_serie == "BCDF2345"


def test_a_row_without_a_name_leaves_open_what_at_does_not_know():
    client = client_of("consultarSeries", [{**SERIES, "serie": ""}], 2002)
    with pytest.raises(TemporaryError) as raised:
        client.find(new_series())
    assert raised.value.code == "unreadable_series"


def test_a_series_that_at_knows_twice_is_in_doubt():
    series = [SERIES, {**SERIES, "estado": "N"}]
    with pytest.raises(TemporaryError) as raised:
        client_of("consultarSeries", series, 2002).find(new_series())
    assert raised.value.code == "ambiguous"


BODY = envelope.answer("registarSerie", [SERIES], 2001, "palavras").decode()


def client_of_response(body, status=200, content_type="text/xml", **headers):
    if isinstance(body, str):
        body = body.encode()

    def application(_environ, start_response):
        named = [("Content-Type", content_type), *headers.items()]
        start_response(f"{status} reason", named)
        return [body]

    session = open_session("https://localhost", simulator=application)
    credentials = Credentials("509987656/1", "x", cipher_pair()[1])
    return SeriesClient(session, "https://localhost", credentials)


def row(old, new):
    assert old in BODY
    return BODY.replace(old, new)


UNDERSTOOD = {
    "an element more": row("<serie>", "<novo>1</novo><serie>"),
    "an element more at the end": row("</infoSerie>", "<x><y>1</y></x></infoSerie>"),
    "an element more before the rows": row(
        "<infoSerie>", "<total>1</total><infoSerie>"
    ),
    "a deeper element of the same name": row(
        "</infoSerie>", "<antes><estado>N</estado></antes></infoSerie>"
    ),
    "a level more": row("<infoSerie>", "<lista><infoSerie>").replace(
        "</infoSerie>", "</infoSerie></lista>"
    ),
    "names in a namespace": row(
        "<registarSerieResp>", '<registarSerieResp xmlns="http://at.gov.pt/">'
    ),
    "the result first": row("<infoSerie>", "<infoSerie>").replace(
        "<registarSerieResp>",
        "<registarSerieResp><infoResultOper><codResultOper>2001"
        "</codResultOper></infoResultOper>",
    ),
    "another order": row("<serie>A2026</serie>", "").replace(
        "</infoSerie>", "<serie>A2026</serie></infoSerie>"
    ),
    "attributes": row("<serie>", '<serie x="1">'),
    "comments": row("A2026", "A<!-- x -->2026"),
    "a processing instruction": row("<infoSerie>", "<?x y?><infoSerie><?x y?>"),
    "an instruction in a value": row("A2026", "A<?x y?>2026"),
    "CDATA": row("A2026", "<![CDATA[A2026]]>"),
    "blanks in a value": row("A2026", "\n  A2026\t"),
    "no header": re.sub("<S:Header>.*</S:Header>", "", BODY),
    "a blank line before the declaration": "\r\n \n" + BODY,
    "no declaration": BODY.partition("?>")[2],
    "text after the end": BODY + "\n\n",
    "the same row twice": row(
        "<infoResultOper>",
        re.search("<infoSerie>.*</infoSerie>", BODY)[0] + "<infoResultOper>",
    ),
}


@pytest.mark.parametrize("body", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_an_odd_answer_is_understood_by_its_names(body):
    info = client_of_response(body).registar_serie(new_series())
    assert (info.serie, info.cod_validacao_serie) == ("A2026", "BCDF2345")
    assert info.estado is Estado.ACTIVE


@pytest.mark.parametrize("status", [200, 201, 202, 207])
def test_a_good_body_counts_with_every_status_of_success(status):
    client = client_of_response(BODY, status)
    assert client.registar_serie(new_series()).cod_validacao_serie == "BCDF2345"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("iso-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("UTF-16", "utf-16")],
)
def test_a_charset_that_only_the_header_names_counts(charset, encoding):
    body = BODY.partition("?>")[2].replace("palavras", "situação")
    client = client_of_response(
        body.replace("2001<", "4003<").encode(encoding),
        content_type=f'text/xml; charset="{charset}"',
    )
    with pytest.raises(RejectedError) as raised:
        client.registar_serie(new_series())
    assert (raised.value.code, raised.value.message) == ("4003", "situação")
    assert "situação" in client.last_exchange.answer


@pytest.mark.parametrize("charset", ["base64", "no-such", "utf-16", "", "\x80"])
def test_a_charset_that_is_wrong_is_forgiven(charset):
    client = client_of_response(BODY, content_type=f"text/xml; charset={charset}")
    assert client.registar_serie(new_series())


NOT_UNDERSTOOD = {
    "two codes": row(
        "<codResultOper>", "<codResultOper>4001</codResultOper><codResultOper>"
    ),
    "no code": row("<codResultOper>2001</codResultOper>", ""),
    "an empty code": row("<codResultOper>2001<", "<codResultOper><"),
    "a code of 400 digits": row(">2001<", f">{'2' * 400}<"),
    "a code in other digits": row(">2001<", ">\u0662\u0660\u0660\u0661<"),
    "the answer to another operation": BODY.replace("registarSerie", "anularSerie"),
    "a document type": row("<S:Envelope", "<!DOCTYPE x><S:Envelope"),
    "an entity": row("A2026", "&a;").replace(
        "<S:Envelope", '<!DOCTYPE x [<!ENTITY a "A2026">]><S:Envelope'
    ),
    "too deep": row("<infoSerie>", "<x>" * 5000 + "<infoSerie>"),
    "half": BODY[:-20],
    "no body": "",
    "blanks": " \n",
    "NUL": row("A2026", "A\x002026"),
}


@pytest.mark.parametrize("body", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_an_answer_in_doubt_is_unknown_and_kept(body):
    client = client_of_response(body)
    with pytest.raises(UnknownOutcomeError) as raised:
        client.registar_serie(new_series())
    exchange = client.last_exchange
    assert exchange.code == raised.value.code
    assert (exchange.status, exchange.answer is None) == (200, False)
    assert "\x00" not in exchange.answer


def test_fewer_bytes_than_the_header_promises_are_a_cut_answer():
    client = client_of_response(BODY, **{"Content-Length": str(len(BODY) + 9)})
    with pytest.raises(UnknownOutcomeError) as raised:
        client.registar_serie(new_series())
    assert raised.value.code == "cut_answer"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-07-01", "2026-07-01"),
        ("2026-07-01Z", "2026-07-01"),
        ("2026-07-01+01:00", "2026-07-01"),
        ("2026-07-01-11:00", "2026-07-01"),
        ("2026-07-01T00:00:00", "2026-07-01"),
        ("2026-07-01T00:00:00+01:00", "2026-07-01"),
        ("2026-06-30T23:00:00Z", "2026-07-01"),
        ("2026-07-01T22:59:59.9999999Z", "2026-07-01"),
        (" 2026-07-01 ", "2026-07-01"),
        ("01-07-2026", None),
        ("2026-02-30", None),
        ("2026-07-01T25:00:00", None),
        ("0000-01-01", None),
        ("10000-01-01", None),
        ("9999-12-31T23:59:59-11:00", None),
        ("0001-01-01T00:00:00+11:00", None),
        ("", None),
    ],
)
def test_dates_may_have_a_zone_or_be_a_time(text, date):
    series = [{**SERIES, "dataRegisto": text}]
    (info,) = client_of("consultarSeries", series, 2002).consultar_series()
    assert (info.data_registo and info.data_registo.isoformat()) == date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T10:00:00Z", "2026-07-01T10:00:00+00:00"),
        ("2026-07-01T10:00:00.5+01:00", "2026-07-01T09:00:00.500000+00:00"),
        ("2026-07-01T10:00:00", "2026-07-01T09:00:00+00:00"),
        ("2026-07-01", "2026-06-30T23:00:00+00:00"),
        ("yesterday", None),
    ],
)
def test_a_moment_without_a_zone_is_lisbon_s(text, moment):
    series = [{**SERIES, "dataEstado": text}]
    (info,) = client_of("consultarSeries", series, 2002).consultar_series()
    assert (info.data_estado and info.data_estado.isoformat()) == moment


@pytest.mark.parametrize(
    ("tries", "problem"),
    [
        ("3", WRONG_PASSWORD),
        ("0", SUSPENDED),
        ("-1", WRONG_PASSWORD_OR_SUSPENDED),
        (None, WRONG_PASSWORD_OR_SUSPENDED),
        ("9" * 5000, WRONG_PASSWORD_OR_SUSPENDED),
    ],
)
def test_tries_tell_a_wrong_password_from_a_suspended_user(tries, problem):
    element = tries and f"<NumberOfTriesRemaining>{tries}</NumberOfTriesRemaining>"
    fault = fault_11("S:Client.Authentication", authentication(99, element or ""))
    with pytest.raises(SetupError) as raised:
        check_answer(answer(fault, 500), changes=True)
    assert raised.value.access_problem == problem


def test_another_error_says_nothing_of_the_password():
    assert SetupError(code="1200").access_problem is None


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (None, ""),
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("a\x00\x1fb", "a  b"),
        ("a\ud800\udfffb", "a  b"),
        ("a\ufffe\uffffb\x7f", "a  b"),
        ("Açúcar € \U0001f600\t.", "Açúcar € \U0001f600\t."),
    ],
)
def test_texts_are_cleaned(text, clean):
    assert clean_text(text) == clean
    assert clean_text(clean_text(text)) == clean


def test_texts_are_cut():
    assert clean_text("ab cd", 3) == "ab"


def test_an_unknown_letter_does_not_hide_the_series():
    series = [{**SERIES, "tipoDoc": "XX", "estado": "?"}, SERIES]
    found = client_of("consultarSeries", series, 2002).consultar_series()
    assert [(info.tipo_doc, info.estado) for info in found] == [
        ("XX", "?"),
        ("FT", "A"),
    ]


def test_another_code_of_success_is_none_for_a_question():
    with pytest.raises(TemporaryError):
        client_of("consultarSeries", [SERIES], 2001).consultar_series()
