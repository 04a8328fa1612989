"""What a company has set at Maventa itself, as far as sending is concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import json_values as values
from .answers import value_of
from .exchange import Exchange
from .fields import array_field

PRINT = "send_invoice_print"


@dataclass(frozen=True)
class PrintSettings:
    """The print service: whether it is on, and whether it prints our own PDF.

    With an own PDF Maventa adds a cover page with the customer's address; every
    page is billed.
    """

    enabled: bool
    use_own_pdf: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PrintSettings:
        block = values.mapping(values.mapping(data).get(PRINT))
        return cls(
            values.flag(block.get("enabled")), values.flag(block.get("use_own_pdf"))
        )


class CompanySettings:
    """The calls; part of :class:`MaventaClient`."""

    _exchange: Exchange

    def print_settings(self) -> PrintSettings:
        """Return what is set for the print service."""
        data = self._exchange.call(
            "GET", "/v1/company/settings", params=array_field("fields", [PRINT])
        )
        return value_of(PrintSettings.from_json, data)

    def change_print_settings(self, **values: bool) -> None:
        """Set ``enabled`` or ``use_own_pdf``; what is not named stays as it is.

        That it does is documented by examples only. Doing it twice does no harm.

        :raise UnknownOutcomeError: look with :meth:`print_settings`
        """
        self._exchange.order("PATCH", "/v1/company/settings", json={PRINT: values})
