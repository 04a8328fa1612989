"""Bank accounts and payment references of invoices: what is what.

Sources: ISO 13616 (IBAN), Bankgirot and PlusGirot (2 to 8 digits, modulo 10; rules
SE-R-007 to SE-R-010 of OpenPEPPOL), Bits (Norwegian account numbers and KID), Finance
Finland, "Finnish monetary institution codes and BIC codes" (list of December 2023).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .addresses import is_iban
from .check_digits import (
    is_creditor_reference,
    is_finnish_reference,
    is_kid,
    is_norwegian_account,
    luhn,
)

# Longest code first in use: 405 is Aktia though the savings banks have the rest of 4.
FINNISH_BICS = {
    "1": "NDEAFIHH",
    "2": "NDEAFIHH",
    "33": "ESSEFIHX",
    "34": "DABAFIHX",
    "36": "SBANFIHH",
    "37": "DNBAFIHX",
    "39": "SBANFIHH",
    "40": "ITELFIHH",
    "405": "HELSFIHH",
    "41": "ITELFIHH",
    "42": "ITELFIHH",
    "43": "ITELFIHH",
    "44": "ITELFIHH",
    "45": "ITELFIHH",
    "46": "ITELFIHH",
    "47": "POPFFI22",
    "48": "ITELFIHH",
    "49": "ITELFIHH",
    "497": "HELSFIHH",
    "5": "OKOYFIHH",
    "6": "AABAFI22",
    "713": "CITIFIHX",
    "714": "EVSEFIHH",
    "715": "ITELFIHH",
    "717": "BIGKFIH1",
    "718": "UASNFIH2",
    "792": "IVPYFIH2",
    "793": "TRYEFIH3",
    "794": "PASXFIH2",
    "795": "WAMOFIH2",
    "796": "NARYFIH2",
    "797": "TRYEFIH2",
    "799": "HOLVFIHH",
    "8": "DABAFIHH",
}
# Codes of the savings banks that the list leaves free
UNASSIGNED = {
    "401", "404", "409", "413", "422", "433", "434", "453", "465", "466", "467",
    "468", "469", "480", "481", "482", "494", "498", "499",
}  # fmt: skip


class AccountKind(StrEnum):
    IBAN = "iban"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    NATIONAL = "national"  # any other account number; never called an IBAN


# Of documents that are not Peppol's the BIC tells: that of Bankgirot, of PlusGirot
BRANCHES = {
    "SE:BANKGIRO": AccountKind.BANKGIRO,
    "SE:PLUSGIRO": AccountKind.PLUSGIRO,
    "BGABSESS": AccountKind.BANKGIRO,
    "PGSISESS": AccountKind.PLUSGIRO,
}


class AccountProblem(StrEnum):
    CHECK_DIGIT = "account_check_digit"
    EMPTY = "account_empty"


class ReferenceKind(StrEnum):
    CREDITOR = "creditor"  # ISO 11649
    FINNISH = "finnish"
    OCR = "ocr"
    KID = "kid"
    TEXT = "text"


@dataclass(frozen=True)
class Account:
    """An account that is paid to: the bare number, its kind, BIC and holder.

    ``country`` is whose bank has it, where the number itself does not say so.
    """

    number: str
    kind: AccountKind = AccountKind.NATIONAL
    bic: str = ""
    holder: str = ""
    country: str = ""

    @property
    def written(self) -> str:
        """The number as people write it: the hyphen of a giro number tells its kind."""
        digits = {AccountKind.BANKGIRO: 4, AccountKind.PLUSGIRO: 1}.get(self.kind)
        if not digits:
            return self.number
        return f"{self.number[:-digits]}-{self.number[-digits:]}"

    @property
    def giro(self) -> str:
        """A Swedish giro number with its name, as people write it; or nothing."""
        if self.kind not in (AccountKind.BANKGIRO, AccountKind.PLUSGIRO):
            return ""
        return f"{self.kind.value.capitalize()} {self.written}"

    @classmethod
    def parse(
        cls, text: str, *, country: str = "", kind: str = "", bic: str = ""
    ) -> Account:
        """Understand an account number as people type it.

        :param country: of the bank, or of the company, for numbers without one
        :param kind: what Odoo knows of it (``bankgiro``, ``plusgiro``), if anything
        :param bic: what Odoo knows; a missing one is found from a Finnish IBAN
        """
        bare = re.sub(r"[\s.]", "", text).upper()
        found = _kind(bare, country.upper(), kind)
        if found is AccountKind.NATIONAL:
            number = bare
        else:
            number = re.sub(r"[^0-9A-Z]", "", bare)
        known = re.sub(r"\s", "", bic).upper()
        if not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", known):
            known = ""
        if found is AccountKind.IBAN:
            known = known or finnish_bic(number)
        return cls(number, found, known, country=country.upper())

    def problem(self) -> AccountProblem | None:
        """Return what makes the number impossible, as far as its digits tell.

        Eleven digits have a check digit in Norway; elsewhere they are as they are.
        """
        if not self.number:
            return AccountProblem.EMPTY
        if self.kind in (AccountKind.BANKGIRO, AccountKind.PLUSGIRO):
            holds = luhn(self.number) and 2 <= len(self.number) <= 8
        elif re.match(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{8}", self.number):
            holds = self.kind is AccountKind.IBAN
        elif self.country == "NO" and re.fullmatch(r"[0-9]{11}", self.number):
            holds = is_norwegian_account(self.number)
        else:
            holds = True
        return None if holds else AccountProblem.CHECK_DIGIT


def stated_account(number: str, branch: str = "") -> str:
    """Return an account number as a document states it; a giro number with its hyphen.

    :param branch: bank or branch beside it; of a giro number it tells the kind
    """
    bare = re.sub(r"\s", "", number).upper()
    if kind := BRANCHES.get(re.sub(r"\s", "", branch).upper()):
        return Account.parse(bare, kind=kind).written
    is_giro = re.fullmatch(r"[0-9]{3,4}-[0-9]{4}|[0-9]{1,7}-[0-9]", bare)
    return bare if is_giro else bare.replace("-", "")


def account_key(text: str, kind: str = "") -> str:
    """Return what is the same for all spellings of one account, and of no other.

    A bankgiro and a plusgiro of the same digits are two accounts. Digits alone are the
    kind that Swedish banks take them for, in whichever country: both sides alike.
    So are the digits of a Norwegian account, or a Finnish one, its IBAN.
    """
    account = Account.parse(text, country="SE", kind=kind)
    return account.giro or _iban(re.sub(r"\W", "", account.number))


def _iban(number: str) -> str:
    """Return the IBAN of the digits of an account whose check digit holds (ISO 13616).

    In these countries the IBAN is all of the account's digits. Others stay as they are.
    """
    if is_norwegian_account(number):
        country = "NO"
    elif re.fullmatch(r"[0-9]{14}", number) and luhn(number):
        country = "FI"
    else:
        return number
    letters = "".join(str(int(letter, 36)) for letter in country)
    check = 98 - int(f"{number}{letters}00") % 97
    return f"{country}{check:02}{number}"


def _kind(bare: str, country: str, hint: str) -> AccountKind:
    if is_iban(re.sub(r"-", "", bare)):
        return AccountKind.IBAN
    if hint in (AccountKind.BANKGIRO, AccountKind.PLUSGIRO):
        return AccountKind(hint)
    if country != "SE":
        return AccountKind.NATIONAL
    # Nothing else is written so, right or wrong.
    if re.fullmatch(r"[0-9]{3,4}-[0-9]{4}", bare):
        return AccountKind.BANKGIRO
    if re.fullmatch(r"[0-9]{1,7}-[0-9]", bare):
        return AccountKind.PLUSGIRO
    if re.fullmatch(r"[0-9]{7,8}", bare) and luhn(bare):
        return AccountKind.BANKGIRO
    if re.fullmatch(r"[0-9]{2,6}", bare) and luhn(bare):
        return AccountKind.PLUSGIRO
    return AccountKind.NATIONAL


def finnish_bic(iban: str) -> str:
    """Return the BIC of a Finnish IBAN by its bank code, or nothing."""
    bare = re.sub(r"\s", "", iban).upper()
    if not (bare.startswith("FI") and is_iban(bare)) or bare[4:7] in UNASSIGNED:
        return ""
    for length in (3, 2, 1):
        if bic := FINNISH_BICS.get(bare[4 : 4 + length]):
            return bic
    return ""


def reference_kind(text: str, country: str = "") -> ReferenceKind:
    """Tell what a payment reference is, by the seller's country and its digits."""
    bare = re.sub(r"\s", "", text).upper()
    if is_creditor_reference(bare):
        return ReferenceKind.CREDITOR
    if country == "NO" and is_kid(bare):
        return ReferenceKind.KID
    if country == "SE" and re.fullmatch(r"[0-9]{2,25}", bare) and luhn(bare):
        return ReferenceKind.OCR
    if country in ("FI", "AX") and is_finnish_reference(bare.lstrip("0")):
        return ReferenceKind.FINNISH
    return ReferenceKind.TEXT


def payment_id(text: str, country: str = "") -> str:
    """Return a payment reference as banks read it: groups of digits closed up.

    A text that is no reference of the country's banks stays as it is.
    """
    kind = reference_kind(text, country)
    if kind is ReferenceKind.TEXT:
        return " ".join(text.split())
    bare = re.sub(r"\s", "", text).upper()
    return bare.lstrip("0") if kind is ReferenceKind.FINNISH else bare
