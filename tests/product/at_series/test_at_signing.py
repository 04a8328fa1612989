"""The message that is signed, the keys, the signature, and HashControl."""

import base64
import datetime
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal

import pytest
from at_series.signing import (
    DUPLICATE,
    INTEGRATED,
    MANUAL,
    UNCERTIFIED,
    HashControl,
    SigningError,
    check_signature,
    entry_text,
    gross_total_text,
    is_clock_behind,
    load_signing_key,
    load_verification_key,
    seconds_until_entry,
    sign,
    signature_characters,
    signed_message,
    was_made_with,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

VALUES = {
    "date": "2026-03-09",
    "entry": "2026-03-09T09:05:07",
    "number": "FT A2026/00012",
    "gross_total": "1234.50",
    "previous": "",
}
MESSAGE = "2026-03-09;2026-03-09T09:05:07;FT A2026/00012;1234.50;"


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 1024)


def pem(key, password=None, form=serialization.PrivateFormat.PKCS8):
    encryption = (
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(serialization.Encoding.PEM, form, encryption)


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


# === MESSAGE === #


def test_the_first_message_of_a_series_ends_in_a_semicolon():
    assert signed_message(**VALUES) == MESSAGE


def test_the_signature_before_ends_the_message(key):
    previous = sign(key, MESSAGE)
    assert signed_message(**VALUES | {"previous": previous}) == MESSAGE + previous


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("date", "09-03-2026", "date"),
        ("date", "2026-02-30", "date"),
        ("date", "2026-03-09 ", "date"),
        ("entry", "2026-03-09T09:05", "entry"),
        ("entry", "2026-03-09 09:05:07", "entry"),
        ("entry", "2026-03-09T09:05:07.000", "entry"),
        ("entry", "2026-03-09T09:05:07Z", "entry"),
        ("entry", "2026-03-09T25:05:07", "entry"),
        ("number", "FTA2026/00012", "number"),
        ("number", "FT A 2026/00012", "number"),
        ("number", "FT A/2026/00012", "number"),
        ("number", "FT A2026/12a", "number"),
        ("number", "FT A2026/", "number"),
        ("number", "FT Ç2026/1", "number"),
        ("number", "FT A;2026/1", "number"),
        ("number", "FT A2026/12\n", "number"),
        ("number", "FT " + "A" * 57 + "/1", "number"),
        ("gross_total", "1234,50", "total"),
        ("gross_total", "1234.5", "total"),
        ("gross_total", "1234.500", "total"),
        ("gross_total", "1 234.50", "total"),
        ("gross_total", "-1234.50", "total"),
        ("previous", "0", "previous"),
        ("previous", "A" * 344, "previous"),
    ],
)
def test_a_value_in_another_form_is_refused(name, value, field):
    with pytest.raises(SigningError) as raised:
        signed_message(**VALUES | {name: value})
    assert (raised.value.field, raised.value.reason) == (field, "form")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("-0.001", "0.00"),
        ("0.005", "0.01"),
        ("2.675", "2.68"),
        ("3.12", "3.12"),
        ("1E+3", "1000.00"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_the_total_has_two_decimals_rounded_half_up(amount, text):
    assert gross_total_text(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (Decimal("-0.01"), "negative"),
        (Decimal("NaN"), "form"),
        (Decimal("1E400"), "form"),
        (2.675, "form"),
    ],
)
def test_a_total_that_cannot_be_signed_is_refused(amount, reason):
    with pytest.raises(SigningError) as raised:
        gross_total_text(amount)
    assert raised.value.reason == reason


# === CLOCK === #


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-06-30T23:30:00.9+00:00", "2026-07-01T00:30:00"),
        ("2026-12-31T23:59:59+00:00", "2026-12-31T23:59:59"),
        ("2026-01-09T09:05:07+09:00", "2026-01-09T00:05:07"),
        ("2026-10-25T00:59:59+00:00", "2026-10-25T01:59:59"),
        ("2026-10-25T01:00:00+00:00", "2026-10-25T01:00:00"),
    ],
)
def test_the_entry_date_is_lisbon_s_time(moment, text):
    assert entry_text(datetime.datetime.fromisoformat(moment)) == text


def test_the_october_night_waits_until_the_text_ascends():
    last = entry_text(datetime.datetime.fromisoformat("2026-10-25T00:50:00+00:00"))
    for moment, seconds in (
        ("2026-10-25T00:50:00+00:00", 0),
        ("2026-10-25T00:59:59+00:00", 0),
        ("2026-10-25T01:00:00+00:00", 50 * 60),
        ("2026-10-25T01:50:00+00:00", 0),
    ):
        moment = datetime.datetime.fromisoformat(moment)
        assert seconds_until_entry(moment, last) == seconds
        assert (entry_text(moment) >= last) == (seconds == 0)
    assert seconds_until_entry(moment, "") == 0
    with pytest.raises(SigningError):
        seconds_until_entry(moment, "yesterday")


def test_the_clock_is_compared_in_utc():
    before = datetime.datetime.fromisoformat("2026-10-25T00:50:00+00:00")
    after = datetime.datetime.fromisoformat("2026-10-25T01:10:00+00:00")
    assert not is_clock_behind(after, before)
    assert is_clock_behind(before, after)
    assert not is_clock_behind(before, before + datetime.timedelta(microseconds=9))
    assert not is_clock_behind(before, None)


# === KEYS AND SIGNATURES === #


def test_a_signature_is_one_line_of_172_characters(key):
    signature = sign(key, MESSAGE)
    assert len(signature) == 172
    assert signature == sign(key, MESSAGE)
    assert check_signature(key.public_key(), MESSAGE, signature)
    assert signature_characters(signature) == "".join(signature[0:31:10])


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE + "\n",
        MESSAGE[:-1],
        MESSAGE + "0",
        MESSAGE.replace("07;", "07.000;"),
        MESSAGE.replace("07;", "07Z;"),
        MESSAGE.replace("1234.50", "1234,50"),
        MESSAGE.replace("1234.50", "1234.500"),
        MESSAGE.replace("FT A", "FTA"),
        MESSAGE.replace("/00012", "/12"),
        MESSAGE.replace(";", "; "),
    ],
)
def test_another_message_has_another_signature(key, message):
    signature = sign(key, MESSAGE)
    assert sign(key, message) != signature
    assert not check_signature(key.public_key(), message, signature)


def test_a_signature_in_another_form_is_none(key):
    signature = sign(key, MESSAGE)
    for wrong in ("", "0", signature[:-1], signature + "\n", "é" * 172, "A" * 172):
        assert not check_signature(key.public_key(), MESSAGE, wrong)
        assert not was_made_with(key.public_key(), wrong)


def test_the_key_of_a_signature_is_known_without_its_message(key):
    other = rsa.generate_private_key(65537, 1024)
    signature = sign(key, MESSAGE)
    assert was_made_with(key.public_key(), signature)
    assert not was_made_with(other.public_key(), signature)


@pytest.mark.parametrize("password", [None, "palavra"])
@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_key_is_loaded_and_tried_out(key, password, form):
    form = serialization.PrivateFormat[form]
    loaded = load_signing_key(pem(key, password, form), password)
    assert sign(loaded, MESSAGE) == sign(key, MESSAGE)
    public = load_verification_key(public_pem(key))
    assert check_signature(public, MESSAGE, sign(loaded, MESSAGE))


def test_a_key_that_will_not_do_is_refused(key):
    big = rsa.generate_private_key(65537, 2048)
    curve = ec.generate_private_key(ec.SECP256R1())
    for content, password, reason in (
        (pem(big), None, "size"),
        (pem(curve), None, "kind"),
        (public_pem(key), None, "form"),
        (b"nonsense", None, "form"),
        (b"", None, "form"),
        (pem(key, "right"), "wrong", "password"),
        (pem(key, "right"), None, "password"),
        (pem(key), "too many", "password"),
    ):
        with pytest.raises(SigningError) as raised:
            load_signing_key(content, password)
        assert (raised.value.field, raised.value.reason) == ("key", reason)
    for content, reason in (
        (public_pem(big), "size"),
        (public_pem(curve), "kind"),
        (pem(key), "form"),
        (b"nonsense", "form"),
    ):
        with pytest.raises(SigningError) as raised:
            load_verification_key(content)
        assert (raised.value.field, raised.value.reason) == ("key", reason)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_signs_and_verifies_alike(key, tmp_path):
    (tmp_path / "key.pem").write_bytes(pem(key))
    (tmp_path / "public.pem").write_bytes(public_pem(key))
    command = ["openssl", "dgst", "-sha1"]
    made = subprocess.run(
        [*command, "-sign", tmp_path / "key.pem"],
        input=MESSAGE.encode(),
        capture_output=True,
        check=True,
    ).stdout
    assert base64.b64encode(made).decode() == sign(key, MESSAGE)
    (tmp_path / "signature").write_bytes(base64.b64decode(sign(key, MESSAGE)))
    verified = subprocess.run(
        [
            *command,
            *("-verify", tmp_path / "public.pem"),
            *("-signature", tmp_path / "signature"),
        ],
        input=MESSAGE.encode(),
        capture_output=True,
        check=True,
    )
    assert b"OK" in verified.stdout


# === HASH CONTROL === #


@pytest.mark.parametrize(
    ("control", "text", "source", "key_name"),
    [
        (HashControl(), "1", "P", "1"),
        (HashControl(12), "12", "P", "12"),
        (HashControl(1, MANUAL, "FT", "abc/00001"), "1-FTM abc/00001", "M", "1"),
        (HashControl(2, DUPLICATE, "NC", "NC A/99"), "2-NCD NC A/99", "M", "2"),
        (HashControl(1, INTEGRATED, certificate="0042"), "0042.1", "I", "0042.1"),
        (HashControl(None, UNCERTIFIED), "Não certificado", "I", ""),
    ],
)
def test_hash_control_is_written_and_read(control, text, source, key_name):
    assert str(control) == text
    assert HashControl.parse(text) == control
    assert (control.source_billing, control.key_name) == (source, key_name)
    assert control.is_recovered == (source == "M")
    assert replace(control) == control


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "01", "1 ", "-1", "1.0", "9999.", "12345.1", "1-FT M abc/1"),
        *("1-FTM", "1-FTM ", "1-FTX abc/1", "0-FTM abc/1", "1-FTM a^b/1", "١"),
        "1-FTM " + "x" * 70,
    ],
)
def test_another_hash_control_is_refused(text):
    with pytest.raises(SigningError) as raised:
        HashControl.parse(text)
    assert raised.value.field == "hash_control"
