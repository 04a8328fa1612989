"""Maventa's directory: who can receive e-invoices, where, and through whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import json_values as values
from .addresses import PEPPOL
from .answers import value_of
from .exchange import Exchange

PAGE = 100
MOST_OPERATORS = 2000  # a list that never ends is no list


class Network(StrEnum):
    INTERNAL = "INTERNAL"  # Maventa's own customers
    EXTERNAL = "EXTERNAL"  # other operators and banks
    PEPPOL = "PEPPOL"


@dataclass(frozen=True)
class Operator:
    """Somebody who carries e-invoices; ``identifier`` is a code or a bank's BIC."""

    identifier: str
    name: str
    country: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Operator:
        identifier = values.needed_text(values.mapping(data).get("operator_id"))
        return cls(
            identifier=identifier,
            name=values.text(data.get("name")) or identifier,
            country=values.text(data.get("country")),
        )


@dataclass(frozen=True)
class Receiver:
    """One address of somebody who receives e-invoices."""

    network: Network
    eia: str
    operator: str
    name: str
    bid: str
    country: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Receiver:
        network = Network(values.text(values.mapping(data).get("network")))
        identifier = values.part(data.get("identifier"))
        eia, operator = values.text(data.get("eia")), values.text(data.get("operator"))
        if network is Network.PEPPOL:  # never the access point: knowledge base
            scheme = values.text(
                identifier.get("eaid_code") or identifier.get("scheme")
            )
            endpoint = values.text(identifier.get("endpoint_id"))
            eia = f"{scheme}:{endpoint}" if scheme and endpoint else eia
            operator = PEPPOL
        participant = values.part(data.get("participant"))
        return cls(
            network=network,
            eia=values.needed_text(eia),
            operator=operator,
            name=values.text(participant.get("name")),
            bid=values.text(participant.get("bid")),
            country=values.text(participant.get("country")),
        )


class Directory:
    """The calls; part of :class:`MaventaClient`."""

    _exchange: Exchange

    def find_receivers(
        self, *, bid: str = "", name: str = "", country: str = ""
    ) -> list[Receiver]:
        """Return the addresses of a company, Maventa's own customers first.

        Peppol's directory finds names alone (a known limit of Maventa); the others
        are asked by the business id, or by the name if there is none.
        """
        found: list[Receiver] = []
        for network in Network:
            wanted = {"name": name} if network is Network.PEPPOL or not bid else {}
            wanted = wanted or {"bid": bid}
            if not all(wanted.values()):
                continue
            params = {"network": network.value, "per_page": PAGE, **wanted}
            if country:
                params["country"] = country
            data = self._exchange.call("GET", "/v1/lookup/receivers", params=params)
            found += _values(Receiver, data)
        return list(dict.fromkeys(found))

    def operators(self) -> list[Operator]:
        """Return all operators that Maventa knows."""
        found: dict[str, Operator] = {}
        number = 1
        while len(found) < MOST_OPERATORS:
            params = {"page": number, "per_page": PAGE}
            data = self._exchange.call("GET", "/v1/entities/operators", params=params)
            page = {row.identifier: row for row in _values(Operator, data)}
            if not page.keys() - found.keys():  # the end, or paging is not known
                break
            found |= page
            number += 1
        return list(found.values())


def _values(kind: Any, data: Any) -> list:
    return value_of(lambda rows: list(map(kind.from_json, values.rows(rows))), data)
