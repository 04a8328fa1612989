"""What AT says about a series (``infoSerie``)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from .clock import LISBON
from .series_requests import Estado, MeioProcessamento, NewSeries, TipoDoc, TipoSerie
from .text import clean_text, whole_number

_CODE = re.compile(r"[A-Z0-9]{8,20}")
SHORTEST_CODE = 8  # "at least": codes of AT's test environment have ten characters
_SEQUENCE_DIGITS = 25  # numSeqType of AT's schema
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_Member = TypeVar("_Member", bound=StrEnum)


class _Named(Protocol):
    """A request about one series."""

    @property
    def serie(self) -> str: ...

    @property
    def tipo_doc(self) -> TipoDoc: ...


@dataclass(frozen=True)
class SeriesInfo:
    """A series as AT knows it.

    A letter that no code table of ours has is kept as plain text, and an element that
    is absent or cannot be read is ``""`` or ``None``, so that one odd row does not
    hide the others.
    """

    serie: str
    tipo_serie: TipoSerie | str
    classe_doc: str
    tipo_doc: TipoDoc | str
    num_inicial_seq: int | None
    data_inicio_prev_utiliz: datetime.date | None
    meio_processamento: MeioProcessamento | str
    num_cert_sw_fatur: int | None
    cod_validacao_serie: str
    data_registo: datetime.date | None
    estado: Estado | str
    data_estado: datetime.datetime | None
    nif_comunicou: str
    num_final_seq: int | None = None
    seq_ultimo_doc_emitido: int | None = None
    motivo_estado: str | None = None
    justificacao: str | None = None

    @property
    def is_identified(self) -> bool:
        """Whether the row names its series; another one could be any series."""
        return bool(self.serie and self.tipo_doc)

    @property
    def is_complete(self) -> bool:
        """Whether the answer carries a code that can be printed."""
        return is_valid_code(self.cod_validacao_serie)

    def concerns(self, request: _Named) -> bool:
        """Tell whether this is the series of ``request``; AT ignores capitals."""
        return (
            self.tipo_doc == request.tipo_doc
            and self.serie.casefold() == request.serie.casefold()
        )

    def differences(
        self, request: NewSeries, nif: str
    ) -> dict[str, tuple[object, object]]:
        """Return AT's elements that are not what ``request`` says, by their names.

        Each with AT's value and ours. The start date is a forecast and may have been
        moved, so it does not count; the number of the program and the means of
        processing count where AT says them.

        :param nif: tax number of the taxpayer
        """
        pairs: dict[str, tuple[object, object]] = {
            "serie": (self.serie, request.serie),
            "tipoSerie": (self.tipo_serie, request.tipo_serie),
            "tipoDoc": (self.tipo_doc, request.tipo_doc),
            "numInicialSeq": (self.num_inicial_seq, request.num_inicial_seq),
            "estado": (self.estado, Estado.ACTIVE),
            "nifComunicou": (self.nif_comunicou, nif),
        }
        if self.num_cert_sw_fatur is not None:
            pairs["numCertSWFatur"] = self.num_cert_sw_fatur, request.num_cert_sw_fatur
        if self.meio_processamento:
            pairs["meioProcessamento"] = (
                self.meio_processamento,
                request.meio_processamento,
            )
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def is_valid_code(code: str | None) -> bool:
    """Tell whether ``code`` looks like a validation code (at least 8 characters)."""
    return _CODE.fullmatch(code or "") is not None


def info_from_texts(texts: Mapping[str, str]) -> SeriesInfo:
    """Turn the texts of AT's elements, by their names, into a value."""

    def text(name: str) -> str:
        return clean_text(texts.get(name))

    return SeriesInfo(
        serie=text("serie"),
        tipo_serie=_member(TipoSerie, text("tipoSerie")),
        classe_doc=text("classeDoc"),
        tipo_doc=_member(TipoDoc, text("tipoDoc")),
        num_inicial_seq=whole_number(text("numInicialSeq"), _SEQUENCE_DIGITS),
        data_inicio_prev_utiliz=date_from_text(text("dataInicioPrevUtiliz")),
        meio_processamento=_member(MeioProcessamento, text("meioProcessamento")),
        num_cert_sw_fatur=whole_number(text("numCertSWFatur")),
        cod_validacao_serie=text("codValidacaoSerie"),
        data_registo=date_from_text(text("dataRegisto")),
        estado=_member(Estado, text("estado")),
        data_estado=moment_from_text(text("dataEstado")),
        nif_comunicou=text("nifComunicou"),
        num_final_seq=whole_number(text("numFinalSeq"), _SEQUENCE_DIGITS),
        seq_ultimo_doc_emitido=whole_number(
            text("seqUltimoDocEmitido"), _SEQUENCE_DIGITS
        ),
        motivo_estado=text("motivoEstado") or None,
        justificacao=text("justificacao") or None,
    )


def date_from_text(text: str) -> datetime.date | None:
    """Return the date of an ``xsd:date`` or ``xsd:dateTime``, or ``None``.

    A date counts as it is written, whatever zone stands behind it; a moment counts as
    the date that it has in Lisbon.
    """
    found = _MOMENT.fullmatch(text)
    if found and not found[2]:
        try:
            return datetime.date.fromisoformat(found[1])
        except ValueError:
            return None
    moment = moment_from_text(text)
    try:
        return moment and moment.astimezone(LISBON).date()
    except OverflowError:
        return None


def moment_from_text(text: str) -> datetime.datetime | None:
    """Return the moment of an ``xsd:dateTime`` or ``xsd:date`` in UTC, or ``None``.

    Without a zone it is Lisbon's time.
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    date, time, fraction, zone = found.groups()
    try:
        moment = datetime.datetime.fromisoformat(
            f"{date}T{time or '00:00:00'}.{(fraction or '0').ljust(6, '0')}"
            + (zone or "").replace("Z", "+00:00")
        )
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LISBON)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _member(codes: type[_Member], text: str) -> _Member | str:
    try:
        return codes(text)
    except ValueError:
        return text
