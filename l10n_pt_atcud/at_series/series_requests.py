"""The requests of the series web service and its code tables.

Field names are AT's element names in snake case; the letters and pairs of letters
are those of the code tables in the manual of the series web service, section 1.3.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import RejectedError
from .text import LONGEST_REASON, clean_text


class ClasseDoc(StrEnum):
    """Classes of documents."""

    SALES = "SI"
    GOODS = "MG"
    WORKING = "WD"
    PAYMENTS = "PY"


class TipoDoc(StrEnum):
    """Types of documents; each belongs to one class."""

    FT = "FT"
    FS = "FS"
    FR = "FR"
    ND = "ND"
    NC = "NC"
    GR = "GR"
    GT = "GT"
    GA = "GA"
    GC = "GC"
    GD = "GD"
    CM = "CM"
    CC = "CC"
    FC = "FC"
    FO = "FO"
    NE = "NE"
    OU = "OU"
    OR = "OR"
    PF = "PF"
    RP = "RP"
    RE = "RE"
    CS = "CS"
    LD = "LD"
    RA = "RA"
    RC = "RC"
    RG = "RG"

    @property
    def classe_doc(self) -> ClasseDoc:
        return _CLASS_OF_TYPE[self]


TYPES_OF_CLASS = {
    ClasseDoc.SALES: "FT FS FR ND NC",
    ClasseDoc.GOODS: "GR GT GA GC GD",
    ClasseDoc.WORKING: "CM CC FC FO NE OU OR PF RP RE CS LD RA",
    ClasseDoc.PAYMENTS: "RC RG",
}
_CLASS_OF_TYPE = {
    TipoDoc(tipo): classe
    for classe, tipos in TYPES_OF_CLASS.items()
    for tipo in tipos.split()
}


class TipoSerie(StrEnum):
    """Kinds of series."""

    NORMAL = "N"
    TRAINING = "F"  # formação
    RECOVERY = "R"  # recuperação


class Estado(StrEnum):
    """States of a series; only an active one has a way out."""

    ACTIVE = "A"
    ANNULLED = "N"
    FINALISED = "F"


class MeioProcessamento(StrEnum):
    """What the documents are made with."""

    PROGRAM = "PI"
    PORTAL = "PF"
    OTHER = "OM"


class Motivo(StrEnum):
    """Why a registration is annulled."""

    REGISTRATION_ERROR = "ER"


@dataclass(frozen=True)
class NewSeries:
    """The data of ``registarSerie``."""

    serie: str
    tipo_doc: TipoDoc
    num_inicial_seq: int
    data_inicio_prev_utiliz: datetime.date
    tipo_serie: TipoSerie = TipoSerie.NORMAL
    num_cert_sw_fatur: int = 0
    meio_processamento: MeioProcessamento = MeioProcessamento.PROGRAM

    def elements(self) -> dict[str, Any]:
        """Return AT's element names with their values.

        :raise RejectedError: a value is missing; code ``missing_value``
        """
        elements = {
            "serie": clean_text(self.serie),
            "tipoSerie": self.tipo_serie.value,
            "classeDoc": self.tipo_doc.classe_doc.value,
            "tipoDoc": self.tipo_doc.value,
            "numInicialSeq": self.num_inicial_seq,
            "dataInicioPrevUtiliz": self.data_inicio_prev_utiliz,
            "numCertSWFatur": self.num_cert_sw_fatur,
            "meioProcessamento": self.meio_processamento.value,
        }
        return _without_gaps(elements)


@dataclass(frozen=True)
class Finalisation:
    """The data of ``finalizarSerie``."""

    serie: str
    tipo_doc: TipoDoc
    cod_validacao_serie: str
    seq_ultimo_doc_emitido: int
    justificacao: str | None = None

    def elements(self) -> dict[str, Any]:
        """Return AT's element names with their values.

        :raise RejectedError: a value is missing; code ``missing_value``
        """
        elements = _without_gaps(
            {
                "serie": clean_text(self.serie),
                "classeDoc": self.tipo_doc.classe_doc.value,
                "tipoDoc": self.tipo_doc.value,
                "codValidacaoSerie": clean_text(self.cod_validacao_serie),
                "seqUltimoDocEmitido": self.seq_ultimo_doc_emitido,
            }
        )
        reason = clean_text(self.justificacao, LONGEST_REASON)
        if reason:
            elements["justificacao"] = reason
        return elements


@dataclass(frozen=True)
class Annulment:
    """The data of ``anularSerie``.

    ``declaracao_nao_emissao`` is the taxpayer's statement that no document was issued;
    it has no default, because only the taxpayer can make it.
    """

    serie: str
    tipo_doc: TipoDoc
    cod_validacao_serie: str
    declaracao_nao_emissao: bool
    motivo: Motivo = Motivo.REGISTRATION_ERROR

    def elements(self) -> dict[str, Any]:
        """Return AT's element names with their values.

        :raise RejectedError: a value is missing; code ``missing_value``
        """
        elements = {
            "serie": clean_text(self.serie),
            "classeDoc": self.tipo_doc.classe_doc.value,
            "tipoDoc": self.tipo_doc.value,
            "codValidacaoSerie": clean_text(self.cod_validacao_serie),
            "motivo": self.motivo.value,
            "declaracaoNaoEmissao": self.declaracao_nao_emissao,
        }
        return _without_gaps(elements)


@dataclass(frozen=True)
class Query:
    """The filter of ``consultarSeries``; what is ``None`` does not narrow."""

    serie: str | None = None
    tipo_serie: TipoSerie | None = None
    tipo_doc: TipoDoc | None = None
    cod_validacao_serie: str | None = None
    data_registo_de: datetime.date | None = None
    data_registo_ate: datetime.date | None = None
    estado: Estado | None = None
    meio_processamento: MeioProcessamento | None = None

    def elements(self) -> dict[str, Any]:
        """Return AT's element names with their values."""
        elements = {
            "serie": clean_text(self.serie) or None,
            "tipoSerie": self.tipo_serie,
            "classeDoc": self.tipo_doc and self.tipo_doc.classe_doc,
            "tipoDoc": self.tipo_doc,
            "codValidacaoSerie": clean_text(self.cod_validacao_serie) or None,
            "dataRegistoDe": self.data_registo_de,
            "dataRegistoAte": self.data_registo_ate,
            "estado": self.estado,
            "meioProcessamento": self.meio_processamento,
        }
        return {
            name: value.value if isinstance(value, StrEnum) else value
            for name, value in elements.items()
            if value is not None
        }


def _without_gaps(elements: dict[str, Any]) -> dict[str, Any]:
    """Return ``elements`` if none is missing: AT's schema has no empty ones."""
    missing = [name for name, value in elements.items() if value in (None, "")]
    if missing:
        raise RejectedError(", ".join(missing), code="missing_value")
    return elements
