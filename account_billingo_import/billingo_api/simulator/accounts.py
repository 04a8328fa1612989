"""What the simulated Billingo remembers: accounts by API key and their documents.

Keys of the store: ``account:<key>`` the company, ``index:<key>`` the documents in
the order of their creation, ``document:<key>:<id>`` each of them,
``payments:<key>:<id>`` its payments in parts, and ``asked:<key>:<id>`` after the first
request for its PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

LONG_AGO = "2000-01-01 00:00:00"
ALL = slice(None)


class Accounts:
    """Read and change the accounts in a store; every method is one transaction."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def open(
        self,
        key: str,
        *,
        tax_code: str,
        expires: str,
        blocks: Sequence[dict],
        documents: Iterable[dict],
        spendings: Iterable[dict] = (),
    ) -> None:
        """Open an account with documents, oldest first; replaces one of that key."""
        with self._store as state:
            state[f"account:{key}"] = {
                "tax_code": tax_code,
                "expires": expires,
                "blocks": deepcopy(blocks),
                "refusal": None,
                "spendings": deepcopy(list(spendings)),
            }
            documents = [*documents]
            state[f"index:{key}"] = [_entry(raw, None) for raw in documents]
            for raw in documents:
                state[f"document:{key}:{raw['id']}"] = deepcopy(raw)

    def exists(self, key: str) -> bool:
        """Return whether there is such an account."""
        with self._store as state:
            return f"account:{key}" in state

    def get(self, key: str) -> dict | None:
        """Return the account's data, None for an unknown key."""
        with self._store as state:
            return deepcopy(state.get(f"account:{key}"))

    def refuse(self, key: str, status: int | None) -> None:
        """Answer this key with 401, 402 or 403 from now on; None ends that."""
        with self._store as state:
            state[f"account:{key}"] = {**state[f"account:{key}"], "refusal": status}

    def add(self, key: str, raw: dict, changed: datetime | None = None) -> None:
        """Issue a document: it becomes the first of the list."""
        with self._store as state:
            self._add(state, key, raw, changed)

    def change(self, key: str, raw: dict, changed: datetime) -> None:
        """Give a document that exists another content."""
        with self._store as state:
            state[f"document:{key}:{raw['id']}"] = deepcopy(raw)
            state[f"index:{key}"] = [
                _entry(raw, changed) if entry[0] == raw["id"] else entry
                for entry in state[f"index:{key}"]
            ]

    def remove(self, key: str, billingo_id: int) -> None:
        """Take a document (a draft, say) out of the list."""
        with self._store as state:
            state.pop(f"document:{key}:{billingo_id}", None)
            state[f"index:{key}"] = [
                entry for entry in state[f"index:{key}"] if entry[0] != billingo_id
            ]

    def documents(
        self,
        key: str,
        matches: Callable[[list], Any] = lambda _entry: True,
        window: slice = ALL,
    ) -> tuple[int, list[dict]]:
        """Return how many documents match and those in ``window``, newest first.

        ``matches`` sees [id, invoice date, changed, number].
        """
        with self._store as state:
            found = [x for x in reversed(state[f"index:{key}"]) if matches(x)]
            chosen = [state[f"document:{key}:{entry[0]}"] for entry in found[window]]
            return len(found), deepcopy(chosen)

    def set_spendings(self, key: str, spendings: Sequence[dict]) -> None:
        """Replace the account's costs."""
        with self._store as state:
            account = state[f"account:{key}"]
            state[f"account:{key}"] = {**account, "spendings": deepcopy(spendings)}

    def document(self, key: str, billingo_id: int) -> dict | None:
        """Return one document, None if there is none."""
        with self._store as state:
            return deepcopy(state.get(f"document:{key}:{billingo_id}"))

    def pay(
        self,
        key: str,
        billingo_id: int,
        payments: Sequence[dict],
        changed: datetime,
    ) -> None:
        """Let a document be paid so far by these payments (PaymentHistory)."""
        with self._store as state:
            raw = deepcopy(state[f"document:{key}:{billingo_id}"])
            state[f"payments:{key}:{billingo_id}"] = deepcopy(list(payments))
        paid = sum(payment["price"] for payment in payments)
        whole = abs(paid) >= abs(raw["gross_total"])
        raw["payment_status"] = "paid" if whole else "partially_paid"
        raw["paid_date"] = max(payment["date"] for payment in payments)
        self.change(key, raw, changed)

    def payments(self, key: str, billingo_id: int) -> list:
        """Return what was paid: as given, or all at once where it is just paid."""
        with self._store as state:
            given = state.get(f"payments:{key}:{billingo_id}")
            raw = state[f"document:{key}:{billingo_id}"]
        if given is not None or raw["payment_status"] != "paid":
            return deepcopy(given or [])
        return [
            {
                "date": raw["paid_date"],
                "price": raw["gross_total"],
                "payment_method": raw["payment_method"],
                "voucher_number": None,
                "conversion_rate": None,
            }
        ]

    def was_asked_before(self, key: str, billingo_id: int) -> bool:
        """Return whether the PDF was requested before, and remember this request."""
        name = f"asked:{key}:{billingo_id}"
        with self._store as state:
            before = name in state
            state[name] = True
            return before

    @staticmethod
    def _add(
        state: dict[str, Any], key: str, raw: dict, changed: datetime | None
    ) -> None:
        state[f"document:{key}:{raw['id']}"] = deepcopy(raw)
        state[f"index:{key}"] = [*state[f"index:{key}"], _entry(raw, changed)]


def _entry(raw: dict, changed: datetime | None) -> list[Any]:
    moment = f"{changed:%Y-%m-%d %H:%M:%S}" if changed else LONG_AGO
    issued = raw.get("invoice_date") or date.min.isoformat()
    return [raw["id"], issued, moment, raw.get("invoice_number") or ""]
