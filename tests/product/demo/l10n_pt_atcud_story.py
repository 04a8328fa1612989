"""An accountant in Porto gets a validation code, posts, and prints three pages."""

TITLE = "ATCUD: a series registered from the invoice, its code on every page"

BANNER = "#alerts [name=l10n_pt_atcud_series]"
REPORT = "account.report_invoice_with_payments"


def play(session):
    """Play the story; return series, codes, ATCUD per page and request counts."""
    _banner(session)
    _post(session)
    invoice = _read_invoice(session)
    pages = _print(session, invoice)
    lost = _lose_an_answer(session)
    _look_around(session)
    return {
        "invoice": invoice["name"],
        "series": _read_series(session, "series"),
        "atcud_per_page": pages,
        "series_with_lost_answer": lost,
        "requests": dict(session.simulator.requests),
    }


def _banner(session):
    with session.step(
        "The accountant opens a draft; a banner says that a code is missing"
    ):
        session.open(f"/odoo/customer-invoices/{session.ids['invoice']}")
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
        is_open = f"/{session.ids['invoice']}" in session.page.url
        session.check(is_open, "the document is still open")


def _post(session):
    with session.step("The accountant confirms the invoice"):
        session.page.locator("button[name=action_post]:visible").first.click()
        session.page.locator("[name=l10n_pt_atcud_value]:visible").first.wait_for()
        session.screenshot("atcud-2-posted.png")


def _read_invoice(session):
    fields = ["name", "state", "l10n_pt_atcud_value"]
    (invoice,) = session.accountant.call(
        "account.move", "read", [session.ids["invoice"]], fields
    )
    series = _read_series(session, "series")
    session.check(
        (invoice["state"], invoice["name"])
        == ("posted", f"FT {series['identifier']}/1"),
        f"posted as {invoice['name']}",
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
        pages = [
            [word for word in page.split() if word.startswith("ATCUD")]
            for page in session.pdf_pages(path)
        ]
    session.check(len(pages) == 3, "the invoice has three pages")
    printed = f"ATCUD:{invoice['l10n_pt_atcud_value']}"
    every_page = all(found == [printed] for found in pages)
    session.check(every_page, f"{printed} stands on every page")
    return pages


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
