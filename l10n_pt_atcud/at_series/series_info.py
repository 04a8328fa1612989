"""What AT says about a series (``infoSerie``)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

from .messages import Estado, MeioProcessamento, NewSeries, TipoDoc, TipoSerie

_CODE = re.compile(r"[A-Z0-9]{8,20}")
SHORTEST_CODE = 8  # "at least": codes of AT's test environment have ten characters


@dataclass(frozen=True)
class SeriesInfo:
    """A series as AT knows it.

    A letter that no code table of ours has is kept as plain text, so that one
    unknown row does not hide the others.
    """

    serie: str
    tipo_serie: TipoSerie | str
    classe_doc: str
    tipo_doc: TipoDoc | str
    num_inicial_seq: int
    data_inicio_prev_utiliz: datetime.date
    meio_processamento: MeioProcessamento | str
    num_cert_sw_fatur: int
    cod_validacao_serie: str
    data_registo: datetime.date
    estado: Estado | str
    data_estado: datetime.datetime
    nif_comunicou: str
    num_final_seq: int | None = None
    seq_ultimo_doc_emitido: int | None = None
    motivo_estado: str | None = None
    justificacao: str | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether the answer carries a code that can be printed."""
        return len(self.cod_validacao_serie or "") >= SHORTEST_CODE

    def concerns(self, asked: NewSeries) -> bool:
        """Tell whether this is the series asked for; AT ignores capitals."""
        return (
            self.tipo_doc == asked.tipo_doc
            and self.serie.casefold() == asked.serie.casefold()
        )

    def differences(self, asked: NewSeries, nif: str) -> dict[str, tuple]:
        """Return AT's elements that are not what ``asked`` says, by their names.

        Each with AT's value and ours.

        The start date is a forecast and may have been moved, so it does not count.

        :param nif: tax number of the taxpayer who asked
        """
        pairs = {
            "serie": (self.serie, asked.serie),
            "tipoSerie": (self.tipo_serie, asked.tipo_serie),
            "tipoDoc": (self.tipo_doc, asked.tipo_doc),
            "numInicialSeq": (self.num_inicial_seq, asked.num_inicial_seq),
            "numCertSWFatur": (self.num_cert_sw_fatur, asked.num_cert_sw_fatur),
            "meioProcessamento": (self.meio_processamento, asked.meio_processamento),
            "estado": (self.estado, Estado.ACTIVE),
            "nifComunicou": (self.nif_comunicou, nif),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def is_valid_code(code: str) -> bool:
    """Tell whether ``code`` looks like a validation code (at least 8 characters)."""
    return _CODE.fullmatch(code) is not None


def info_from_answer(answer) -> SeriesInfo:
    """Turn zeep's ``seriesInfo`` object into a value."""
    return SeriesInfo(
        serie=answer.serie,
        tipo_serie=_member(TipoSerie, answer.tipoSerie),
        classe_doc=answer.classeDoc,
        tipo_doc=_member(TipoDoc, answer.tipoDoc),
        num_inicial_seq=answer.numInicialSeq,
        data_inicio_prev_utiliz=answer.dataInicioPrevUtiliz,
        meio_processamento=_member(MeioProcessamento, answer.meioProcessamento),
        num_cert_sw_fatur=answer.numCertSWFatur,
        cod_validacao_serie=answer.codValidacaoSerie,
        data_registo=answer.dataRegisto,
        estado=_member(Estado, answer.estado),
        data_estado=answer.dataEstado,
        nif_comunicou=answer.nifComunicou,
        num_final_seq=answer.numFinalSeq,
        seq_ultimo_doc_emitido=answer.seqUltimoDocEmitido,
        motivo_estado=answer.motivoEstado,
        justificacao=answer.justificacao,
    )


def _member(codes: type[StrEnum], text: str) -> StrEnum | str:
    try:
        return codes(text)
    except ValueError:
        return text
