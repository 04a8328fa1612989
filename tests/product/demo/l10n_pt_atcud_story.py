"""A company in Porto goes live, posts, prints, cancels, corrects and is paid.

It does so in Demo: a simulator on this machine plays AT, over TLS with certificates.
"""

import base64
import csv
import io
import pathlib
import re
import subprocess
import tempfile
import zipfile

import zxingcpp
from PIL import Image

TITLE = "ATCUD: from not configured to an invoice, a credit note and a receipt"

BANNER = "#alerts [name=l10n_pt_atcud_series]"
MARK = "#alerts [name=l10n_pt_atcud_trial]"
REPORT = "account.report_invoice_with_payments"
RECEIPT = "account.report_payment_receipt"
SERIES_NAME = "A2026"


def play(session):
    """Play the story; return series, codes, ATCUD per page and request counts."""
    _not_configured(session)
    _go_live(session)
    _post(session)
    invoice = _read_invoice(session)
    pages = _print(session, invoice)
    cancelled = _cancel(session)
    credit_note = _correct(session)
    receipt = _pay(session)
    _banner(session)
    lost = _lose_an_answer(session)
    signed = _sign(session)
    _look_around(session)
    return {
        "invoice": invoice["name"],
        "series": _read_series(session, "series"),
        "atcud_per_page": pages,
        "cancelled": cancelled["name"],
        "credit_note": credit_note["name"],
        "receipt": receipt["l10n_pt_atcud_number"],
        "series_with_lost_answer": lost,
        "signed": signed,
        "requests": dict(session.simulator.requests),
    }


def _not_configured(session):
    with session.step("Nothing is configured: the draft has no series and no mark"):
        session.open(f"/odoo/customer-invoices/{session.ids['invoice']}")
        session.page.locator("button[name=action_post]:visible").first.wait_for()
        session.page.locator(BANNER).wait_for()
        session.check(
            not session.page.locator(MARK).count(), "no code comes from anywhere yet"
        )


def _go_live(session):
    with session.acting("administrator.pt"):
        with session.step("The administrator opens the go-live assistant: Demo"):
            session.open("/odoo/at-go-live")
            _choose(session, "environment", "demo")
            session.screenshot("atcud-6-go-live.png")
            _press(session, "action_next")
        with session.step("Certificates, sub-user and password; AT accepts them"):
            _pick(session, "client_certificate_id", "AT client certificate")
            _pick(session, "cipher_certificate_id", "AT public key")
            _press(session, "action_next")
            _enter(session, "username", session.settings["username"])
            _enter(session, "password", session.settings["password"])
            _press(session, "action_check")
            session.page.locator(".o_field_widget[name=line_ids]:visible").wait_for()
        with session.step("The assistant is left and opened again at the same step"):
            session.open("/odoo/at-series")
            session.page.locator(".o_list_view").wait_for()
            session.open("/odoo/at-go-live")
            session.page.locator(".o_field_widget[name=line_ids]:visible").wait_for()
        with session.step(
            "One name for invoices and credit notes; both are registered"
        ):
            _enter(session, "identifier", SERIES_NAME)
            _press(session, "action_next")
            _press(session, "action_register")
            registered = session.page.locator(".badge:visible", has_text="Registered")
            registered.nth(1).wait_for()
            session.screenshot("atcud-7-registered.png")
            session.check(registered.count() == 2, "two series have their codes")
            _press(session, "action_next")
        with session.step("A test print shows the document before one is issued"):
            _press(session, "action_test_print")
            session.page.locator("iframe:visible").wait_for()
            _press(session, "action_next")
            done = session.page.locator(".o_statusbar_status button[aria-checked=true]")
            done.get_by_text("Done").wait_for()


def _choose(session, field, value):
    """Choose a radio button."""
    session.page.locator(f"[name={field}] input[data-value={value}]").check()


def _pick(session, field, name):
    """Pick a record by its name."""
    box = session.page.locator(f"[name={field}]:visible input").first
    box.fill(name)
    session.page.locator(
        ".o-autocomplete--dropdown-item a", has_text=name
    ).first.click()


def _enter(session, field, text):
    session.page.locator(f"[name={field}]:visible input").first.fill(text)


def _press(session, name):
    session.page.locator(f"button[name={name}]:visible").first.click()


def _post(session):
    with session.step("The accountant confirms the invoice"):
        session.open(f"/odoo/customer-invoices/{session.ids['invoice']}")
        session.page.locator(MARK).wait_for()
        session.page.locator("button[name=action_post]:visible").first.click()
        session.page.locator("[name=l10n_pt_atcud_value]:visible").first.wait_for()
        session.check(
            session.page.locator(MARK).count() == 1,
            "the document says that its code is invented",
        )
        session.screenshot("atcud-2-posted.png")


def _read_invoice(session):
    fields = ["name", "state", "l10n_pt_atcud_value", "l10n_pt_atcud_series_id"]
    (invoice,) = session.accountant.call(
        "account.move", "read", [session.ids["invoice"]], fields
    )
    (series,) = session.accountant.call(
        "l10n_pt_atcud.series",
        "read",
        [invoice["l10n_pt_atcud_series_id"][0]],
        ["document_type", "identifier", "validation_code"],
    )
    session.check(
        series["validation_code"] == _code_at_at(session, series),
        f"the series has AT's code: {series['validation_code']}",
    )
    session.check(
        (invoice["state"], invoice["name"]) == ("posted", f"DEMO-FT {SERIES_NAME}/1"),
        f"posted as {invoice['name']}, never the number of a real invoice",
    )
    session.check(
        invoice["l10n_pt_atcud_value"] == f"{series['validation_code']}-1",
        f"its ATCUD is {invoice['l10n_pt_atcud_value']}",
    )
    return invoice


def _print(session, invoice):
    """Return the ATCUDs found in the text of each page."""
    with session.step("The accountant downloads the PDF"):
        path = session.pdf("azulejo-invoice.pdf", REPORT, [session.ids["invoice"]])
        texts = session.pdf_pages(path)
        pages = [
            [word for word in page.split() if word.startswith("ATCUD")]
            for page in texts
        ]
    session.check(len(pages) == 3, "the invoice has three pages")
    printed = f"ATCUD:{invoice['l10n_pt_atcud_value']}"
    every_page = all(found == [printed] for found in pages)
    session.check(every_page, f"{printed} stands on every page")
    session.check(
        all("Demo" in page for page in texts), "every page says that it is a trial"
    )
    session.check(
        "Fatura" in texts[0] and session.settings["nif"] in texts[0],
        "it is a Portuguese invoice, with the seller's tax number",
    )
    session.check(
        "IVA 23%" in texts[0] and "4000-123 Porto" in texts[0],
        "its taxes and addresses are written as in Portugal",
    )
    session.check(
        re.search(r"Data da fatura.*\n.*\b\d{2}/\d{2}/\d{4}", texts[0], re.IGNORECASE),
        "its dates are day, month and year",
    )
    return pages


def _cancel(session):
    """Cancel an issued invoice in the browser; return it."""
    number = session.ids["wrong_invoice"]
    with session.step("An invoice for the wrong customer is cancelled, with a reason"):
        session.accountant.call("account.move", "action_post", [number])
        session.open(f"/odoo/customer-invoices/{number}")
        _press(session, "action_l10n_pt_atcud_cancel")
        _enter(session, "reason", "Cliente errado")
        _press(session, "action_confirm")
        session.page.locator("#alerts [name=l10n_pt_atcud_cancelled]").wait_for()
        session.screenshot("atcud-8-cancelled.png")
    invoice = _read_document(session, number)
    session.check(
        (invoice["state"], invoice["name"]) == ("cancel", f"DEMO-FT {SERIES_NAME}/2"),
        f"{invoice['name']} keeps its number and its ATCUD",
    )
    text = _text(session, "azulejo-cancelled.pdf", REPORT, number)
    session.check(
        "documento anulado" in text and "Cliente errado" in text,
        "its reprint says that it is cancelled, and why",
    )
    return invoice


def _correct(session):
    """Correct an issued invoice by a credit note in the browser; return the note."""
    number = session.ids["returned_invoice"]
    with session.step("Returned goods: a credit note names the invoice and a reason"):
        session.accountant.call("account.move", "action_post", [number])
        session.open(f"/odoo/customer-invoices/{number}")
        _press(session, "action_reverse")
        _enter(session, "reason", "Mercadoria devolvida")
        _press(session, "refund_moves")
        session.page.locator("button[name=action_post]:visible").first.click()
        session.page.locator("[name=l10n_pt_atcud_value]:visible").first.wait_for()
        session.screenshot("atcud-9-credit-note.png")
    (note,) = session.accountant.call(
        "account.move",
        "search_read",
        [("reversed_entry_id", "=", number)],
        ["name", "state", "l10n_pt_atcud_value"],
    )
    session.check(note["name"] == f"DEMO-NC {SERIES_NAME}/1", f"it is {note['name']}")
    text = _text(session, "azulejo-credit-note.pdf", REPORT, note["id"])
    corrected = _read_document(session, number)["name"]
    session.check(
        all(one in text for one in ("Nota de crédito", corrected, "devolvida")),
        f"its print names {corrected} and the reason",
    )
    return note


def _pay(session):
    """Register the payment of the invoice in the browser; return the payment."""
    number = session.ids["invoice"]
    series = [session.ids["receipts"]]
    session.accountant.call("l10n_pt_atcud.series", "action_register", series)
    with session.step(
        "The customer pays: the payment gets a receipt of its own series"
    ):
        session.open(f"/odoo/customer-invoices/{number}")
        _press(session, "action_register_payment")
        _press(session, "action_create_payments")
        session.page.locator(".o_dialog").wait_for(state="detached")
    (receipt,) = session.accountant.call(
        "account.payment",
        "search_read",
        [("invoice_ids", "in", [number])],
        ["l10n_pt_atcud_number", "l10n_pt_atcud_value"],
    )
    session.check(
        receipt["l10n_pt_atcud_number"] == "DEMO-RG R2026/1",
        f"the receipt is {receipt['l10n_pt_atcud_number']}",
    )
    text = _text(session, "azulejo-receipt.pdf", RECEIPT, receipt["id"])
    session.check(
        f"ATCUD:{receipt['l10n_pt_atcud_value']}" in text
        and f"DEMO-FT {SERIES_NAME}/1" in text,
        "its print has the ATCUD and names the invoice that was paid",
    )
    return receipt


def _read_document(session, number):
    fields = ["name", "state", "l10n_pt_atcud_value"]
    (document,) = session.accountant.call("account.move", "read", [number], fields)
    return document


def _text(session, name, report, number):
    """Download a PDF; return the text of all its pages."""
    return "\n".join(session.pdf_pages(session.pdf(name, report, [number])))


def _banner(session):
    with session.step("A draft of the shop: a banner says that a code is missing"):
        session.open(f"/odoo/customer-invoices/{session.ids['shop_invoice']}")
        session.page.locator(BANNER).wait_for()
        session.screenshot("atcud-1-draft-with-banner.png")
    with session.step(
        "“Generate validation code” registers the series; the banner goes"
    ):
        session.page.locator(BANNER).get_by_text("Generate validation code").click()
        session.page.locator(BANNER).wait_for(state="detached")
        series = _read_series(session, "series")
        session.check(
            series["validation_code"] == _code_at_at(session, series),
            f"the series has AT's code: {series['validation_code']}",
        )
        is_open = f"/{session.ids['shop_invoice']}" in session.page.url
        session.check(is_open, "the document is still open")


def _lose_an_answer(session):
    """Register a second series; AT accepts, and the answer never arrives."""
    register = (
        "l10n_pt_atcud.series",
        "action_register",
        [session.ids["second_series"]],
    )
    before = session.simulator.requests["registarSerie"]
    with session.step("AT accepts a second series, and the answer is lost on the way"):
        session.simulator.faults.add("accept_then_drop")
        session.accountant.call(*register)
        series = _read_series(session, "second_series")
        session.check(
            (series["state"], series["validation_code"]) == ("pending", False),
            "the series waits to be confirmed",
        )
    with session.step(
        "The accountant tries again: AT is consulted before anything else"
    ):
        session.accountant.call(*register)
        series = _read_series(session, "second_series")
        session.check(
            series["state"] == "registered"
            and series["validation_code"] == _code_at_at(session, series),
            f"registered with the code that AT gave: {series['validation_code']}",
        )
        session.check(
            session.simulator.requests["registarSerie"] == before + 1,
            "AT was asked to register it once",
        )
    return series


def _sign(session):
    """Sign an invoice with a fresh key, and read its QR code from the PDF."""
    signing = "l10n_pt_atcud.signing"
    with session.step("The administrator makes a key for Demo, and signs from now on"):
        producer = {
            "company_id": session.ids["company"],
            "producer": "Olaria de Software Lda",
            "producer_vat": "PT502757191",
            "producer_address": "Rua da Prata 7, 1100-414 Lisboa",
        }
        ids = session.admin.call(signing, "create", [producer])
        session.admin.call(signing, "action_make_demo_key", ids)
        session.admin.call(signing, "action_switch_on", ids)
    with session.step("The accountant posts three invoices in a new series"):
        moves = []
        for _invoice in range(3):
            moves += session.accountant.call(
                "account.move", "copy", [session.ids["shop_invoice"]]
            )
        series = {"l10n_pt_atcud_series_id": session.ids["second_series"]}
        session.accountant.call("account.move", "write", moves, series)
        session.accountant.call("account.move", "action_post", moves)
    with session.step("The first of them is printed"):
        move = moves[:1]
        path = session.pdf("azulejo-signed-invoice.pdf", REPORT, move)
    fields = ["l10n_pt_atcud_hash", "l10n_pt_atcud_qr_payload"]
    (invoice,) = session.accountant.call("account.move", "read", move, fields)
    codes = _scan(path)
    session.check(
        codes == [invoice["l10n_pt_atcud_qr_payload"]],
        f"the QR code on paper says what was signed: {codes}",
    )
    mention = "Processado por programa certificado n.º 9999/AT"
    session.check(
        all(mention in page for page in session.pdf_pages(path)),
        "every page has the mention of a program that does not exist, number 9999",
    )
    _verify(session)
    session.admin.call(signing, "action_switch_off", ids)
    return codes


def _verify(session):
    """Verify the exported chain with ``openssl``, as an auditor without Odoo does."""
    verification = "l10n_pt_atcud.verification"
    with session.step("An auditor exports messages, signatures and public key"):
        company = {"company_id": session.ids["company"]}
        ids = session.admin.call(verification, "create", [company])
        address = session.admin.call(verification, "action_export", ids)["url"]
        content = io.BytesIO(session.admin.download(address))
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(content) as archive:
        archive.extractall(folder)
        table = pathlib.Path(folder, "documents.csv").read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
        answers = [_openssl(pathlib.Path(folder), row) for row in rows]
        breaks = pathlib.Path(folder, "breaks.csv").read_text("utf-8-sig")
    session.check(
        answers == ["Verified OK"] * 3,
        f"openssl verifies the exported chain: {answers}",
    )
    session.check(len(breaks.splitlines()) == 1, "no break is reported")


def _openssl(folder, row):
    """Return what ``openssl`` says of one exported signature."""
    signature = folder / "signature"
    signature.write_bytes(base64.b64decode(row["Hash"]))
    key = folder / f"public-key-{row['HashControl']}.txt"
    answer = subprocess.run(
        ["openssl", "dgst", "-sha1", "-verify", key, "-signature", signature],
        input=row["Message"].encode(),
        capture_output=True,
    )
    return answer.stdout.decode().strip()


def _scan(path):
    """Return the texts of all QR codes in a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        page = f"{folder}/page"
        subprocess.run(["pdftoppm", "-r", "200", "-png", path, page], check=True)
        pictures = sorted(pathlib.Path(folder).glob("*.png"))
        found = [zxingcpp.read_barcodes(Image.open(one)) for one in pictures]
    return [code.text for codes in found for code in codes]


def _look_around(session):
    with session.step("The series in their list, in the journal, and the settings"):
        session.open("/odoo/at-series")
        session.page.locator(".o_data_row").first.wait_for()
        session.screenshot("atcud-3-series.png")
        with session.acting("administrator.pt"):
            action = "action-account.action_account_journal_form"
            session.open(f"/odoo/{action}/{session.ids['journal']}")
            session.page.get_by_role("tab", name="AT series").click()
            rows = "[name=l10n_pt_atcud_series_ids] .o_data_row"
            session.page.locator(rows).first.wait_for()
            session.screenshot("atcud-4-journal.png")
            session.open("/odoo/settings")
            session.page.locator(".settings_tab [data-key=account]").click()
            block = session.page.locator("#l10n_pt_atcud_certificates")
            block.wait_for()
            block.scroll_into_view_if_needed()
            session.screenshot("atcud-5-settings.png")


def _read_series(session, name):
    fields = ["identifier", "document_type", "state", "validation_code"]
    (series,) = session.accountant.call(
        "l10n_pt_atcud.series", "read", [session.ids[name]], fields
    )
    return series


def _code_at_at(session, series):
    """Return the code in the register of the simulator itself."""
    key = (
        f"series/{session.settings['nif']}/{series['document_type']}"
        f"/{series['identifier'].lower()}"
    )
    with session.simulator.store as state:
        return state[key]["codValidacaoSerie"]
