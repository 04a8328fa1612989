"""A company in Porto goes live with the assistant, posts, and prints three pages.

It does so in Demo: a simulator on this machine plays AT, over TLS with certificates.
"""

TITLE = "ATCUD: from not configured to a posted invoice, its code on every page"

BANNER = "#alerts [name=l10n_pt_atcud_series]"
MARK = "#alerts [name=l10n_pt_atcud_trial]"
REPORT = "account.report_invoice_with_payments"
SERIES_NAME = "A2026"


def play(stage):
    """Play the story; return series, codes, ATCUD per page and request counts."""
    _not_configured(stage)
    _go_live(stage)
    _post(stage)
    invoice = _read_invoice(stage)
    pages = _print(stage, invoice)
    # Next: the invoice is cancelled with a reason.
    # Next: a credit note corrects another invoice.
    # Next: a payment gets a receipt.
    _banner(stage)
    lost = _lose_an_answer(stage)
    _look_around(stage)
    return {
        "invoice": invoice["name"],
        "series": _read_series(stage, "series"),
        "atcud_per_page": pages,
        "series_with_lost_answer": lost,
        "requests": dict(stage.simulator.requests),
    }


def _not_configured(stage):
    with stage.step("Nothing is configured: the draft has no series and no mark"):
        stage.open(f"/odoo/customer-invoices/{stage.ids['invoice']}")
        stage.page.locator("button[name=action_post]:visible").first.wait_for()
        stage.page.locator(BANNER).wait_for()
        stage.check(
            not stage.page.locator(MARK).count(), "no code comes from anywhere yet"
        )


def _go_live(stage):
    with stage.acting("administrator.pt"):
        with stage.step("The administrator opens the go-live assistant: Demo"):
            stage.open("/odoo/at-go-live")
            _choose(stage, "environment", "demo")
            stage.screenshot("atcud-6-go-live.png")
            _press(stage, "action_next")
        with stage.step("Certificates, sub-user and password; AT accepts them"):
            _pick(stage, "client_certificate_id", "AT client certificate")
            _pick(stage, "cipher_certificate_id", "AT public key")
            _press(stage, "action_next")
            _enter(stage, "username", stage.settings["username"])
            _enter(stage, "password", stage.settings["password"])
            _press(stage, "action_check")
            stage.page.locator(".o_field_widget[name=line_ids]:visible").wait_for()
        with stage.step("The assistant is left and opened again at the same step"):
            stage.open("/odoo/at-series")
            stage.page.locator(".o_list_view").wait_for()
            stage.open("/odoo/at-go-live")
            stage.page.locator(".o_field_widget[name=line_ids]:visible").wait_for()
        with stage.step("One name for invoices and credit notes; both are registered"):
            _enter(stage, "identifier", SERIES_NAME)
            _press(stage, "action_next")
            _press(stage, "action_register")
            registered = stage.page.locator(".badge:visible", has_text="Registered")
            registered.nth(1).wait_for()
            stage.screenshot("atcud-7-registered.png")
            stage.check(registered.count() == 2, "two series have their codes")
            _press(stage, "action_next")
        with stage.step("A test print shows the document before one is issued"):
            _press(stage, "action_test_print")
            stage.page.locator("iframe:visible").wait_for()
            _press(stage, "action_next")
            done = stage.page.locator(".o_statusbar_status button[aria-checked=true]")
            done.get_by_text("Done").wait_for()


def _choose(stage, field, value):
    """Choose a radio button."""
    stage.page.locator(f"[name={field}] input[data-value={value}]").check()


def _pick(stage, field, name):
    """Pick a record by its name."""
    box = stage.page.locator(f"[name={field}]:visible input").first
    box.fill(name)
    stage.page.locator(".o-autocomplete--dropdown-item a", has_text=name).first.click()


def _enter(stage, field, text):
    stage.page.locator(f"[name={field}]:visible input").first.fill(text)


def _press(stage, name):
    stage.page.locator(f"button[name={name}]:visible").first.click()


def _post(stage):
    with stage.step("The accountant confirms the invoice"):
        stage.open(f"/odoo/customer-invoices/{stage.ids['invoice']}")
        stage.page.locator(MARK).wait_for()
        stage.page.locator("button[name=action_post]:visible").first.click()
        stage.page.locator("[name=l10n_pt_atcud_value]:visible").first.wait_for()
        stage.check(
            stage.page.locator(MARK).count() == 1,
            "the document says that its code is invented",
        )
        stage.screenshot("atcud-2-posted.png")


def _read_invoice(stage):
    fields = ["name", "state", "l10n_pt_atcud_value", "l10n_pt_atcud_series_id"]
    (invoice,) = stage.accountant.call(
        "account.move", "read", [stage.ids["invoice"]], fields
    )
    (series,) = stage.accountant.call(
        "l10n_pt_atcud.series",
        "read",
        [invoice["l10n_pt_atcud_series_id"][0]],
        ["document_type", "identifier", "validation_code"],
    )
    stage.check(
        series["validation_code"] == _code_at_at(stage, series),
        f"the series has AT's code: {series['validation_code']}",
    )
    stage.check(
        (invoice["state"], invoice["name"]) == ("posted", f"DEMO-FT {SERIES_NAME}/1"),
        f"posted as {invoice['name']}, never the number of a real invoice",
    )
    stage.check(
        invoice["l10n_pt_atcud_value"] == f"{series['validation_code']}-1",
        f"its ATCUD is {invoice['l10n_pt_atcud_value']}",
    )
    return invoice


def _print(stage, invoice):
    """Return the ATCUDs found in the text of each page."""
    with stage.step("The accountant downloads the PDF"):
        path = stage.pdf("azulejo-invoice.pdf", REPORT, [stage.ids["invoice"]])
        texts = stage.pdf_pages(path)
        pages = [
            [word for word in page.split() if word.startswith("ATCUD")]
            for page in texts
        ]
    stage.check(len(pages) == 3, "the invoice has three pages")
    printed = f"ATCUD:{invoice['l10n_pt_atcud_value']}"
    every_page = all(found == [printed] for found in pages)
    stage.check(every_page, f"{printed} stands on every page")
    stage.check(
        all("Demo" in page for page in texts), "every page says that it is a trial"
    )
    stage.check(
        "Fatura" in texts[0] and stage.settings["nif"] in texts[0],
        "it is a Portuguese invoice, with the seller's tax number",
    )
    return pages


def _banner(stage):
    with stage.step("A draft of the shop: a banner says that a code is missing"):
        stage.open(f"/odoo/customer-invoices/{stage.ids['shop_invoice']}")
        stage.page.locator(BANNER).wait_for()
        stage.screenshot("atcud-1-draft-with-banner.png")
    with stage.step("“Generate validation code” registers the series; the banner goes"):
        stage.page.locator(BANNER).get_by_text("Generate validation code").click()
        stage.page.locator(BANNER).wait_for(state="detached")
        series = _read_series(stage, "series")
        stage.check(
            series["validation_code"] == _code_at_at(stage, series),
            f"the series has AT's code: {series['validation_code']}",
        )
        is_open = f"/{stage.ids['shop_invoice']}" in stage.page.url
        stage.check(is_open, "the document is still open")


def _lose_an_answer(stage):
    """Register a second series; AT accepts, and the answer never arrives."""
    register = ("l10n_pt_atcud.series", "action_register", [stage.ids["second_series"]])
    before = stage.simulator.requests["registarSerie"]
    with stage.step("AT accepts a second series, and the answer is lost on the way"):
        stage.simulator.faults.add("accept_then_drop")
        stage.accountant.call(*register)
        series = _read_series(stage, "second_series")
        stage.check(
            (series["state"], series["validation_code"]) == ("pending", False),
            "the series waits to be confirmed",
        )
    with stage.step("The accountant tries again: AT is consulted before anything else"):
        stage.accountant.call(*register)
        series = _read_series(stage, "second_series")
        stage.check(
            series["state"] == "registered"
            and series["validation_code"] == _code_at_at(stage, series),
            f"registered with the code that AT gave: {series['validation_code']}",
        )
        stage.check(
            stage.simulator.requests["registarSerie"] == before + 1,
            "AT was asked to register it once",
        )
    return series


def _look_around(stage):
    with stage.step("The series in their list, in the journal, and the settings"):
        stage.open("/odoo/at-series")
        stage.page.locator(".o_data_row").first.wait_for()
        stage.screenshot("atcud-3-series.png")
        with stage.acting("administrator.pt"):
            action = "action-account.action_account_journal_form"
            stage.open(f"/odoo/{action}/{stage.ids['journal']}")
            stage.page.get_by_role("tab", name="AT series").click()
            rows = "[name=l10n_pt_atcud_series_ids] .o_data_row"
            stage.page.locator(rows).first.wait_for()
            stage.screenshot("atcud-4-journal.png")
            stage.open("/odoo/settings")
            stage.page.locator(".settings_tab [data-key=account]").click()
            block = stage.page.locator("#l10n_pt_atcud_certificates")
            block.wait_for()
            block.scroll_into_view_if_needed()
            stage.screenshot("atcud-5-settings.png")


def _read_series(stage, name):
    fields = ["identifier", "document_type", "state", "validation_code"]
    (series,) = stage.accountant.call(
        "l10n_pt_atcud.series", "read", [stage.ids[name]], fields
    )
    return series


def _code_at_at(stage, series):
    """Return the code in the register of the simulator itself."""
    key = (
        f"series/{stage.settings['nif']}/{series['document_type']}"
        f"/{series['identifier'].lower()}"
    )
    with stage.simulator.store as state:
        return state[key]["codValidacaoSerie"]
