"""Maventa's directory: who can receive e-invoices, where, and through whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .addresses import PEPPOL
from .answers import unclear

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
        return cls(
            identifier=data["operator_id"],
            name=data.get("name") or data["operator_id"],
            country=data.get("country") or "",
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
        network = Network(data["network"])
        identifier = data.get("identifier") or {}
        eia, operator = data.get("eia") or "", data.get("operator") or ""
        if network is Network.PEPPOL:  # never the access point: knowledge base
            scheme = identifier.get("eaid_code") or identifier.get("scheme") or ""
            endpoint = identifier.get("endpoint_id") or ""
            eia = f"{scheme}:{endpoint}" if scheme and endpoint else eia
            operator = PEPPOL
        participant = data.get("participant") or {}
        return cls(
            network=network,
            eia=eia or data["eia"],
            operator=operator,
            name=participant.get("name") or "",
            bid=participant.get("bid") or "",
            country=participant.get("country") or "",
        )


class Directory:
    """The calls; part of :class:`MaventaClient`."""

    def find_receivers(
        self, *, bid: str = "", name: str = "", country: str = ""
    ) -> list[Receiver]:
        """Return the addresses of a company, Maventa's own customers first.

        Peppol's directory finds names alone (a known limit of Maventa); the others
        are asked by the business id, or by the name if there is none.
        """
        found = []
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
        found, number = {}, 1
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
    try:
        return [kind.from_json(row) for row in data]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise unclear(
            "The answer lacks a part.", creates=False, code="unreadable_answer"
        ) from error
