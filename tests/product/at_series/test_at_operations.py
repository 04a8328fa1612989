"""The four operations, in this process and over TLS with a client certificate."""

import datetime

import pytest
from at_samples import new_series
from at_series import (
    Annulment,
    Estado,
    Finalisation,
    MeioProcessamento,
    Query,
    RejectedError,
    TipoDoc,
    TipoSerie,
    UnknownOutcomeError,
    lisbon_date,
)
from at_series.clock import utc_now
from at_series.simulator.operations import ALPHABET


def test_a_registration_returns_a_code_of_at_s_alphabet(service):
    with service.client() as client:
        info = client.registar_serie(new_series(num_cert_sw_fatur=12))
    assert info.cod_validacao_serie.startswith("AA")
    assert len(info.cod_validacao_serie) == 10
    assert set(info.cod_validacao_serie[2:]) <= set(ALPHABET)
    assert (info.serie, info.tipo_doc, info.classe_doc) == ("A2026", TipoDoc.FT, "SI")
    assert (info.tipo_serie, info.estado) == (TipoSerie.NORMAL, Estado.ACTIVE)
    assert info.meio_processamento is MeioProcessamento.PROGRAM
    assert (info.num_inicial_seq, info.num_cert_sw_fatur) == (1, 12)
    assert info.data_registo == lisbon_date()
    assert info.data_estado.utcoffset() == datetime.timedelta(0)
    assert info.nif_comunicou == "509987656"


def test_codes_of_eight_characters_are_accepted(service):
    service.simulator._code_length = 8
    with service.client() as client:
        assert len(client.registar_serie(new_series()).cod_validacao_serie) == 8


def test_each_value_of_a_query_filters(service):
    with service.client() as client:
        normal = client.registar_serie(new_series())
        training = client.registar_serie(
            new_series("T2026", TipoDoc.NC, tipo_serie=TipoSerie.TRAINING)
        )
        tomorrow = lisbon_date() + datetime.timedelta(days=1)
        for query, expected in (
            (None, {normal, training}),
            (Query(serie="a2026"), {normal}),
            (Query(tipo_serie=TipoSerie.TRAINING), {training}),
            (Query(tipo_doc=TipoDoc.NC), {training}),
            (Query(cod_validacao_serie=normal.cod_validacao_serie), {normal}),
            (Query(data_registo_de=tomorrow), set()),
            (Query(data_registo_ate=lisbon_date()), {normal, training}),
            (Query(estado=Estado.ANNULLED), set()),
            (Query(meio_processamento=MeioProcessamento.PORTAL), set()),
        ):
            assert set(client.consultar_series(query)) == expected, query


def test_a_taxpayer_sees_only_its_own_series(service):
    with service.client() as client, service.client("599999993/12", "outra") as other:
        client.registar_serie(new_series())
        assert other.consultar_series() == ()
        other.registar_serie(new_series())


def test_a_finalised_series_cannot_be_registered_again(service):
    with service.client() as client:
        code = client.registar_serie(new_series()).cod_validacao_serie
        reason = "Mudança de ano <&>"
        info = client.finalizar_serie(
            Finalisation("a2026", TipoDoc.FT, code, 12, reason)
        )
        assert (info.estado, info.seq_ultimo_doc_emitido) == (Estado.FINALISED, 12)
        assert info.justificacao == reason
        assert refusal(client.registar_serie, new_series()) == "4001"


def test_an_annulled_series_cannot_be_registered_again(service):
    with service.client() as client:
        code = client.registar_serie(new_series()).cod_validacao_serie
        assert_refused = Annulment("A2026", TipoDoc.FT, code, False)
        assert refusal(client.anular_serie, assert_refused) == "4004"
        info = client.anular_serie(Annulment("A2026", TipoDoc.FT, code, True))
        assert (info.estado, info.motivo_estado) == (Estado.ANNULLED, "ER")
        assert refusal(client.registar_serie, new_series()) == "4001"


def refusal(call, *arguments):
    with pytest.raises(RejectedError) as raised:
        call(*arguments)
    assert raised.value.message
    return raised.value.code


def test_refusals_have_at_s_codes(service):
    yesterday = lisbon_date() - datetime.timedelta(days=1)
    with service.client() as client:
        code = client.registar_serie(new_series()).cod_validacao_serie
        for asked, expected in (
            (new_series(), "4001"),
            (new_series("a2026"), "4001"),
            (new_series("AT2026"), "4003"),
            (new_series("A/1"), "4003"),
            (new_series("B", data_inicio_prev_utiliz=yesterday), "4049"),
        ):
            assert refusal(client.registar_serie, asked) == expected, asked
        for end, expected in (
            (Finalisation("A2026", TipoDoc.FT, code, 1), "4047"),
            (Finalisation("A2026", TipoDoc.FT, "BBBBBBBB", 9), "4005"),
            (Finalisation("A2026", TipoDoc.FS, code, 9), "4005"),
        ):
            assert refusal(client.finalizar_serie, end) == expected, end
        span = Query(data_registo_de=lisbon_date(), data_registo_ate=yesterday)
        assert refusal(client.consultar_series, span) == "4048"


def test_annulling_ends_with_the_next_day_in_lisbon(local_service):
    def later(**delta):
        moment = utc_now() + datetime.timedelta(**delta)
        return lambda: moment

    registered = local_service.client()
    codes = {
        serie: registered.registar_serie(new_series(serie)).cod_validacao_serie
        for serie in ("IN", "OUT")
    }
    for serie, days, state in (("IN", 1, Estado.ANNULLED), ("OUT", 2, None)):
        clock = later(days=days)
        local_service.simulator._now = clock
        client = local_service.client(now=clock)
        annulment = Annulment(serie, TipoDoc.FT, codes[serie], True)
        if state:
            assert client.anular_serie(annulment).estado is state
        else:
            assert refusal(client.anular_serie, annulment) == "4004"


def test_a_taxpayer_without_activity_is_refused(local_service):
    account = local_service.simulator.accounts["509987656/1"]
    local_service.simulator.accounts = {
        "509987656/1": type(account)(account.password, has_activity=False)
    }
    assert refusal(local_service.client().registar_serie, new_series()) == "4043"


def test_every_type_belongs_to_its_class(local_service):
    client = local_service.client()
    for tipo_doc in TipoDoc:
        info = client.registar_serie(new_series("A", tipo_doc))
        assert (info.tipo_doc, info.classe_doc) == (tipo_doc, tipo_doc.classe_doc)


def test_differences_are_named_by_at_s_elements(service):
    with service.client() as client:
        assert client.find(new_series()) is None
        client.registar_serie(new_series())
        client.registar_serie(new_series("A2026", TipoDoc.NC))
        nif = client.credentials.nif
        assert client.find(new_series()).differences(new_series(), nif) == {}
        for asked, expected in (
            (new_series("a2026"), {"serie": ("A2026", "a2026")}),
            (new_series(num_inicial_seq=2), {"numInicialSeq": (1, 2)}),
            (new_series(tipo_serie=TipoSerie.TRAINING), {"tipoSerie": ("N", "F")}),
            (new_series(num_cert_sw_fatur=1), {"numCertSWFatur": (0, 1)}),
        ):
            assert client.find(asked).differences(asked, nif) == expected
        found = client.find(new_series())
        assert found.differences(new_series(), "599999993") == {
            "nifComunicou": ("509987656", "599999993")
        }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("serie", new_series("")),
        ("serie", new_series("\x00")),
        ("numInicialSeq", new_series(num_inicial_seq=None)),
        ("dataInicioPrevUtiliz", new_series(data_inicio_prev_utiliz=None)),
        ("numCertSWFatur", new_series(num_cert_sw_fatur=None)),
        ("codValidacaoSerie", Finalisation("A2026", TipoDoc.FT, "", 2)),
        ("seqUltimoDocEmitido", Finalisation("A2026", TipoDoc.FT, "BCDF2345", None)),
        ("codValidacaoSerie", Annulment("A2026", TipoDoc.FT, None, True)),
        ("declaracaoNaoEmissao", Annulment("A2026", TipoDoc.FT, "BCDF2345", None)),
    ],
)
def test_a_missing_value_is_refused_before_anything_is_sent(
    local_service, name, message
):
    client = local_service.client()
    call = {
        "NewSeries": client.registar_serie,
        "Finalisation": client.finalizar_serie,
        "Annulment": client.anular_serie,
    }[type(message).__name__]
    for way in (client.check_request, call):
        with pytest.raises(RejectedError) as raised:
            way(message)
        assert (raised.value.code, raised.value.message) == ("missing_value", name)
    assert client.last_exchange is None
    assert not local_service.simulator.requests


@pytest.mark.parametrize(
    "changes",
    [
        {"num_inicial_seq": "one\x00"},
        {"num_inicial_seq": object()},
        {"data_inicio_prev_utiliz": "tomorrow"},
        {"tipo_serie": "N"},
        {"serie": "x" * 36},
        {"num_inicial_seq": 0},
        {"num_inicial_seq": 10**400},
        {"num_cert_sw_fatur": 12345},
    ],
)
def test_a_value_that_the_schema_forbids_is_refused_before_anything_is_sent(
    local_service, changes
):
    client = local_service.client()
    with pytest.raises(RejectedError) as raised:
        client.registar_serie(new_series(**changes))
    assert raised.value.code == "bad_request"
    assert client.last_exchange is None


def test_a_request_that_can_be_sent_passes_the_check(local_service):
    client = local_service.client()
    for message in (
        new_series(),
        Finalisation("A2026", TipoDoc.FT, "BCDF2345", 2, "fim\x00"),
        Annulment("A2026", TipoDoc.FT, "BCDF2345", True),
    ):
        client.check_request(message)
    assert client.last_exchange is None
    assert not local_service.simulator.requests


@pytest.mark.parametrize("reason", ["a\x00b", "a\ud800b", "a\x0bb", "a\x85b"])
def test_control_characters_in_a_reason_become_blanks(service, reason):
    with service.client() as client:
        code = client.registar_serie(new_series()).cod_validacao_serie
        end = Finalisation("A2026", TipoDoc.FT, code, 12, reason)
        assert client.finalizar_serie(end).justificacao == "a b"


def test_a_reason_is_cut_to_what_at_accepts(service):
    with service.client() as client:
        code = client.registar_serie(new_series()).cod_validacao_serie
        end = Finalisation("A2026", TipoDoc.FT, code, 12, "x" * 5000)
        assert client.finalizar_serie(end).justificacao == "x" * 4000


def test_an_observer_gets_every_exchange(service):
    seen = []
    with service.client(observe=seen.append) as client:
        client.registar_serie(new_series())
        with pytest.raises(RejectedError):
            client.registar_serie(new_series())
        service.simulator.faults.add("drop_before")
        with pytest.raises(UnknownOutcomeError):
            client.registar_serie(new_series("B"))
        client.consultar_series()
    assert [(one.operation, one.code, one.status) for one in seen] == [
        ("registarSerie", "2001", 200),
        ("registarSerie", "4001", 200),
        ("registarSerie", "no_answer", None),
        ("consultarSeries", "2002", 200),
    ]
    assert (
        len({one.request for one in seen[:2]}) == 1
    )  # nothing secret tells them apart
    assert all("***" in one.request for one in seen)
