"""What AT does with each operation: its rules, its codes, its register of series.

Codes and rules: series manual, sections 1.3 and 2.1.4 to 2.4.4; the window for
annulling and the reserved prefix: manual of self-billing series, December 2022.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from ..clock import lisbon_date
from ..identifier import is_valid_identifier
from ..series_requests import (
    TYPES_OF_CLASS,
    ClasseDoc,
    Estado,
    MeioProcessamento,
    Motivo,
    TipoSerie,
)

# Consonants and digits that cannot be taken for one another or make a word.
ALPHABET = "BCDFGHJKLMNPQRSTVWXYZ23456789"
Row = dict[str, Any]  # AT's elements of a series by name


class Refusal(Exception):
    """The operation's own answer when it refuses."""

    def __init__(self, code: int, message: str):
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Office:
    """One taxpayer's view of the register at one moment."""

    state: MutableMapping[str, Any]
    nif: str
    now: datetime.datetime
    code_length: int
    has_activity: bool

    def registar_serie(self, request: dict[str, str]) -> tuple[list[Row], int, str]:
        """Register a series unless one of AT's rules forbids it."""
        self._check_fields(request)
        if not self.has_activity:
            raise Refusal(4043, "O NIF não tem atividade aberta")
        key = self._key(request)
        if key in self.state:
            raise Refusal(4001, "A série já se encontra registada para o tipo")
        code = self._new_code()
        self.state[key] = {
            "serie": request["serie"],
            "tipoSerie": request["tipoSerie"],
            "classeDoc": request["classeDoc"],
            "tipoDoc": request["tipoDoc"],
            "numInicialSeq": request["numInicialSeq"],
            "dataInicioPrevUtiliz": request["dataInicioPrevUtiliz"],
            "seqUltimoDocEmitido": None,
            "meioProcessamento": request["meioProcessamento"],
            "numCertSWFatur": request["numCertSWFatur"],
            "codValidacaoSerie": code,
            "dataRegisto": lisbon_date(self.now).isoformat(),
            "estado": Estado.ACTIVE.value,
            "motivoEstado": None,
            "justificacao": None,
            "dataEstado": self._moment(),
            "nifComunicou": self.nif,
        }
        return [self.state[key]], 2001, f"Série registada. Código: {code}"

    def consultar_series(self, request: dict[str, str]) -> tuple[list[Row], int, str]:
        """Return what matches; nothing found is a success as well."""
        first, last = (
            request.pop("dataRegistoDe", ""),
            request.pop("dataRegistoAte", ""),
        )
        if first and last and last < first:
            raise Refusal(4048, "A data de fim é anterior à data de início")
        prefix = f"series/{self.nif}/"
        found = [
            one
            for key, one in sorted(self.state.items())
            if key.startswith(prefix)
            and all(_same(name, one[name], value) for name, value in request.items())
            and (not first or one["dataRegisto"] >= first)
            and (not last or one["dataRegisto"] <= last)
        ]
        return found, 2002, "Consulta efetuada"

    def finalizar_serie(self, request: dict[str, str]) -> tuple[list[Row], int, str]:
        """Close a series after its last document."""
        key, one = self._active(request, 4005)
        # Taken literally: a series with a single document is refused.
        if int(request["seqUltimoDocEmitido"]) <= int(one["numInicialSeq"]):
            raise Refusal(4047, "O último número tem de ser superior ao inicial")
        self.state[key] = {
            **one,
            "seqUltimoDocEmitido": request["seqUltimoDocEmitido"],
            "estado": Estado.FINALISED.value,
            "justificacao": request.get("justificacao"),
            "dataEstado": self._moment(),
        }
        return [self.state[key]], 2004, "Série finalizada"

    def anular_serie(self, request: dict[str, str]) -> tuple[list[Row], int, str]:
        """Undo a registration on its own day or the next."""
        if request["motivo"] != Motivo.REGISTRATION_ERROR:
            raise Refusal(4051, "O motivo não existe")
        key, one = self._active(request, 4004)
        if request["declaracaoNaoEmissao"] not in ("true", "1"):
            raise Refusal(4004, "Não é possível anular: falta a declaração")
        registered = datetime.date.fromisoformat(one["dataRegisto"])
        if lisbon_date(self.now) > registered + datetime.timedelta(days=1):
            raise Refusal(4004, "Não é possível anular: prazo ultrapassado")
        self.state[key] = {
            **one,
            "estado": Estado.ANNULLED.value,
            "motivoEstado": request["motivo"],
            "dataEstado": self._moment(),
        }
        return [self.state[key]], 2003, "Comunicação da série anulada"

    def _check_fields(self, request: dict[str, str]) -> None:
        empty = [name for name, value in request.items() if not value]
        if empty:
            raise Refusal(4002, "Campos obrigatórios: " + ", ".join(empty))
        if request["classeDoc"] not in TYPES_OF_CLASS:
            raise Refusal(4045, "A classe de documento não existe")
        types = TYPES_OF_CLASS[ClasseDoc(request["classeDoc"])]
        if request["tipoDoc"] not in types.split():
            raise Refusal(4046, "O tipo de documento não pertence à classe")
        wrong = [
            name
            for name, is_right in (
                ("serie", is_valid_identifier(request["serie"])),
                ("tipoSerie", request["tipoSerie"] in set(TipoSerie)),
                (
                    "meioProcessamento",
                    request["meioProcessamento"] in set(MeioProcessamento),
                ),
            )
            if not is_right
        ]
        if wrong:
            raise Refusal(4003, "Erros nos campos: " + ", ".join(wrong))
        if request["dataInicioPrevUtiliz"] < lisbon_date(self.now).isoformat():
            raise Refusal(4049, "A data de início é anterior à data atual")

    def _key(self, request: dict[str, str]) -> str:
        """Capitals do not make another series, and nothing frees an identifier."""
        return f"series/{self.nif}/{request['tipoDoc']}/{request['serie'].casefold()}"

    def _active(self, request: dict[str, str], refusal: int) -> tuple[str, Row]:
        key = self._key(request)
        one = self.state.get(key)
        if (
            one is None
            or one["classeDoc"] != request["classeDoc"]
            or one["codValidacaoSerie"] != request["codValidacaoSerie"]
            or one["estado"] != Estado.ACTIVE
        ):
            raise Refusal(refusal, "A série não existe ou não está ativa")
        return key, one

    def _new_code(self) -> str:
        """Ten characters begin with AA, as the codes of AT's test environment do."""
        start = "AA" if self.code_length == 10 else ""
        used = set(self.state.get("codes", ()))
        while True:
            rest = self.code_length - len(start)
            code = start + "".join(secrets.choice(ALPHABET) for _ in range(rest))
            if code not in used:
                self.state["codes"] = sorted({*used, code})
                return code

    def _moment(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _same(name: str, have: Any, wanted: str) -> bool:
    if name == "serie":
        return have.casefold() == wanted.casefold()
    return have == wanted
