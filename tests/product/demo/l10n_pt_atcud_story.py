"""An accountant in Porto gets a validation code, posts, and prints three pages."""

TITLE = "ATCUD: a series registered from the invoice, its code on every page"

BANNER = "#alerts [name=l10n_pt_atcud_series]"
REPORT = "account.report_invoice_with_payments"


def play(stage):
    """Play the story; return series, codes, ATCUD per page and request counts."""
    _banner(stage)
    _post(stage)
    invoice = _read_invoice(stage)
    pages = _print(stage, invoice)
    lost = _lose_an_answer(stage)
    _look_around(stage)
    return {
        "invoice": invoice["name"],
        "series": _read_series(stage, "series"),
        "atcud_per_page": pages,
        "series_with_lost_answer": lost,
        "requests": dict(stage.simulator.requests),
    }


def _banner(stage):
    with stage.step(
        "The accountant opens a draft; a banner says that a code is missing"
    ):
        stage.open(f"/odoo/customer-invoices/{stage.ids['invoice']}")
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
        is_open = f"/{stage.ids['invoice']}" in stage.page.url
        stage.check(is_open, "the document is still open")


def _post(stage):
    with stage.step("The accountant confirms the invoice"):
        stage.page.locator("button[name=action_post]:visible").first.click()
        stage.page.locator("[name=l10n_pt_atcud_value]:visible").first.wait_for()
        stage.screenshot("atcud-2-posted.png")


def _read_invoice(stage):
    fields = ["name", "state", "l10n_pt_atcud_value"]
    (invoice,) = stage.accountant.call(
        "account.move", "read", [stage.ids["invoice"]], fields
    )
    series = _read_series(stage, "series")
    stage.check(
        (invoice["state"], invoice["name"])
        == ("posted", f"FT {series['identifier']}/1"),
        f"posted as {invoice['name']}",
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
        pages = [
            [word for word in page.split() if word.startswith("ATCUD")]
            for page in stage.pdf_pages(path)
        ]
    stage.check(len(pages) == 3, "the invoice has three pages")
    printed = f"ATCUD:{invoice['l10n_pt_atcud_value']}"
    every_page = all(found == [printed] for found in pages)
    stage.check(every_page, f"{printed} stands on every page")
    return pages


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
