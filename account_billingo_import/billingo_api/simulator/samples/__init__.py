"""Invented documents for two invented accounts.

``supplier_account`` sells to the company whose books are kept, and to others;
``own_account`` is that company's own. ``regimes`` adds bills for people to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..accounts import Accounts
from .own import own_account
from .parties import COMPANY, SUPPLIER, Party, tax_number
from .regimes import add_bills, add_spendings
from .spendings import own_spendings
from .supplier import supplier_account

if TYPE_CHECKING:
    from ..application import Simulator

__all__ = [
    "COMPANY",
    "SUPPLIER",
    "Party",
    "add_bills",
    "add_spendings",
    "fill",
    "own_account",
    "own_spendings",
    "supplier_account",
    "tax_number",
]


def fill(
    simulator: Simulator,
    *,
    supplier_key: str,
    own_key: str,
    company: Party = COMPANY,
    with_regimes: bool = False,
) -> None:
    """Open both accounts in a simulator, for a company that keeps its books.

    :param with_regimes: with the bills of ``regimes``, for people to look at
    """
    supplier, own = supplier_account(company), own_account(company)
    spendings = own_spendings()
    if with_regimes:
        add_spendings(spendings, add_bills(supplier, company))
    for key, account in ((supplier_key, supplier), (own_key, own)):
        Accounts(simulator.store).open(
            key,
            tax_code=account.seller.tax_number,
            expires="2031-12-31",
            blocks=account.blocks,
            documents=account.documents,
            spendings=spendings if key == own_key else (),
        )
