"""What a company has set at Maventa itself, as far as sending is concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .answers import unclear

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
        block = data[PRINT]
        return cls(bool(block.get("enabled")), bool(block.get("use_own_pdf")))


class CompanySettings:
    """The calls; part of :class:`MaventaClient`."""

    def print_settings(self) -> PrintSettings:
        """Return what is set for the print service."""
        data = self._exchange.call(
            "GET", "/v1/company/settings", params={"fields": PRINT}
        )
        try:
            return PrintSettings.from_json(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise unclear(
                "The answer lacks a part.", creates=False, code="unreadable_answer"
            ) from error

    def change_print_settings(self, **values: bool) -> None:
        """Set ``enabled`` or ``use_own_pdf``; what is not named stays as it is.

        That it does is documented by examples only. Doing it twice does no harm.

        :raise UnknownOutcomeError: look with :meth:`print_settings`
        """
        self._exchange.order("PATCH", "/v1/company/settings", json={PRINT: values})
