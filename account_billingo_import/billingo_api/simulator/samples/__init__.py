"""Invented documents for two invented accounts.

``supplier_account`` sells to the company whose books are kept, and to others;
``own_account`` is that company's own. Every case is told by its code.
"""

from __future__ import annotations

from ..accounts import Accounts
from .own import own_account
from .parties import COMPANY, SUPPLIER, Party, tax_number
from .spendings import own_spendings
from .supplier import supplier_account

__all__ = [
    "COMPANY",
    "SUPPLIER",
    "Party",
    "fill",
    "own_account",
    "own_spendings",
    "supplier_account",
    "tax_number",
]


def fill(simulator, *, supplier_key: str, own_key: str, company: Party = COMPANY):
    """Open both accounts in a simulator, for a company that keeps its books."""
    for key, account in (
        (supplier_key, supplier_account(company)),
        (own_key, own_account(company)),
    ):
        Accounts(simulator.store).open(
            key,
            tax_code=account.seller.tax_number,
            expires="2031-12-31",
            blocks=account.blocks,
            documents=account.documents,
            spendings=own_spendings() if key == own_key else (),
        )
