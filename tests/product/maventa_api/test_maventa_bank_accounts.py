"""Accounts, BICs and payment references."""

import pytest
from maventa_api.bank_accounts import (
    Account,
    AccountKind,
    AccountProblem,
    ReferenceKind,
    account_key,
    finnish_bic,
    payment_id,
    reference_kind,
    stated_account,
)


@pytest.mark.parametrize(
    ("country", "typed", "kind", "number"),
    [
        ("FI", "FI21 1234 5600 0007 85", AccountKind.IBAN, "FI2112345600000785"),
        ("NL", "NL91ABNA0417164300", AccountKind.IBAN, "NL91ABNA0417164300"),
        ("SE", "5050-1055", AccountKind.BANKGIRO, "50501055"),
        ("SE", "50501055", AccountKind.BANKGIRO, "50501055"),
        ("SE", "28 65 43-4", AccountKind.PLUSGIRO, "2865434"),
        ("NO", "8601 11 17947", AccountKind.NATIONAL, "86011117947"),
        ("SE", "9020-1234567", AccountKind.NATIONAL, "9020-1234567"),
        ("SE", "6000 1234567", AccountKind.NATIONAL, "60001234567"),
        ("", "86011117948", AccountKind.NATIONAL, "86011117948"),
        ("FI", "5050-1055", AccountKind.NATIONAL, "5050-1055"),
    ],
)
def test_an_account_is_what_its_digits_are(country, typed, kind, number):
    account = Account.parse(typed, country=country)
    assert (account.kind, account.number) == (kind, number)
    assert account.problem() is None


def test_nothing_but_an_iban_is_called_one():
    account = Account.parse("FI2112345600000786", country="FI")
    assert account.kind is AccountKind.NATIONAL
    assert account.problem() is AccountProblem.CHECK_DIGIT
    wrong = Account.parse("86011117948", country="NO")
    assert wrong.problem() is AccountProblem.CHECK_DIGIT
    assert Account.parse(" ").problem() is AccountProblem.EMPTY


def test_what_odoo_knows_of_an_account_decides():
    account = Account.parse("2865434", country="SE", kind="plusgiro")
    assert account.kind is AccountKind.PLUSGIRO
    assert Account.parse("5050-1056", kind="bankgiro").problem()
    for wrong in ("5050-1056", "991-2347", "28 65 43-5"):
        assert Account.parse(wrong, country="SE").problem(), wrong
    assert not Account.parse("5050-1056", country="FI").problem()


@pytest.mark.parametrize(
    ("iban", "bic"),
    [
        ("FI2112345600000785", "NDEAFIHH"),
        ("FI5542345670000081", "ITELFIHH"),
        ("FI49 5000 9420 0287 30", "OKOYFIHH"),
        ("FI2112345600000786", ""),
        ("NL91ABNA0417164300", ""),
    ],
)
def test_the_bank_code_of_a_finnish_iban_tells_the_bic(iban, bic):
    assert finnish_bic(iban) == bic


@pytest.mark.parametrize(
    ("code", "bic"),
    [
        ("405", "HELSFIHH"),
        ("406", "ITELFIHH"),
        ("404", ""),
        ("470", "POPFFI22"),
        ("497", "HELSFIHH"),
        ("799", "HOLVFIHH"),
        ("790", ""),
        ("391", "SBANFIHH"),
        ("310", ""),
    ],
)
def test_the_longest_bank_code_decides(code, bic):
    assert finnish_bic(_iban_of(code)) == bic


def test_a_known_bic_is_kept_and_a_wrong_one_is_not():
    iban = "FI2112345600000785"
    assert Account.parse(iban, bic="no BIC").bic == "NDEAFIHH"
    assert Account.parse(iban, bic="DABA FIHH").bic == "DABAFIHH"


@pytest.mark.parametrize(
    ("country", "text", "kind", "written"),
    [
        ("FI", "1234 561", ReferenceKind.FINNISH, "1234561"),
        ("FI", "0001 234561", ReferenceKind.FINNISH, "1234561"),
        ("NL", "RF18 5390 0754 7034", ReferenceKind.CREDITOR, "RF18539007547034"),
        ("NO", "123 4567 8903", ReferenceKind.KID, "12345678903"),
        ("SE", "1234 5674", ReferenceKind.OCR, "12345674"),
        ("SE", "INV/2026/00001", ReferenceKind.TEXT, "INV/2026/00001"),
        ("FI", "Invoice  7", ReferenceKind.TEXT, "Invoice 7"),
    ],
)
def test_a_reference_is_written_as_banks_read_it(country, text, kind, written):
    assert reference_kind(text, country) is kind
    assert payment_id(text, country) == written


def _iban_of(code):
    account = f"{code}00000000000"
    rest = int(f"{account}151800") % 97
    return f"FI{98 - rest:02d}{account}"


@pytest.mark.parametrize(
    ("text", "country", "kind", "giro"),
    [
        ("50501055", "SE", "bankgiro", "Bankgiro 5050-1055"),
        ("4789-2", "SE", "plusgiro", "Plusgiro 4789-2"),
        ("FI21 1234 5600 0007 85", "FI", "", ""),
    ],
)
def test_giro_numbers_are_told_as_people_write_them(text, country, kind, giro):
    assert Account.parse(text, country=country, kind=kind).giro == giro


@pytest.mark.parametrize(
    ("number", "branch", "stated"),
    [
        ("50501055", "SE:BANKGIRO", "5050-1055"),
        ("9912346", "SE:PLUSGIRO", "991234-6"),
        ("9912346", "bgabsess", "991-2346"),
        ("9912346", "PGSISESS", "991234-6"),
        ("991234-6", "", "991234-6"),
        ("9912346", "", "9912346"),
        ("FI21-1234 5600-0007 85", "NDEAFIHH", "FI2112345600000785"),
        ("9020-1234567", "", "90201234567"),
    ],
)
def test_stated_giro_number_has_the_hyphen_of_its_kind(number, branch, stated):
    assert stated_account(number, branch) == stated


def test_bankgiro_and_plusgiro_of_the_same_digits_are_two_accounts():
    assert account_key("991-2346") != account_key("991234-6")
    assert account_key("991-2346") == account_key("9912346", "bankgiro")
    assert account_key("991-2346") == account_key(" 991 2346 ")
    assert account_key("fi21 1234 5600 0007 85") == "FI2112345600000785"
    assert account_key("9020-1234567") == account_key("9020 1234567", "bank")


def test_digits_of_a_norwegian_or_finnish_account_are_its_iban():
    iban = account_key("NO41 9710 2778 077")
    assert account_key("97102778077") == account_key("9710.27.78077") == iban
    assert account_key("97102778078") != iban
    assert account_key("544688-26372892") == account_key("FI92 5446 8826 3728 92")
    assert account_key("97102778077") != account_key("FI92 5446 8826 3728 92")
