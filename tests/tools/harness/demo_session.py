"""Where a story is played: users, a browser, a simulator, and a notebook."""

import time
from contextlib import contextmanager
from functools import partial

from .console import say
from .odoo_user import OdooUser
from .processes import output

VIEW = {"width": 1600, "height": 1000}  # wide: the PDF beside the data
PATIENCE = 60_000  # milliseconds for a page to show what it should


class DemoSession:
    """What a story may use.

    ``simulator`` and ``settings`` are the remote service, ``ids`` what was prepared,
    ``page`` is the accountant's browser, ``accountant`` and ``admin`` call methods.
    """

    def __init__(self, url, database, browser, folder, simulator, settings, ids):
        self.simulator = simulator
        self.settings = settings
        self.ids = ids
        self.errors = []  # of scripts in the browser
        self.steps = []
        self.checks = []
        self._url = url
        self._folder = folder
        self._user = partial(OdooUser, url, database, company=ids["company"])
        self._browser = browser

    @contextmanager
    def enter(self, login):
        """Log the accountant and the administrator in; he has the browser meanwhile."""
        self.accountant = self._user(login)
        self.admin = self._user("admin")
        with self._window(login) as self.page:
            yield

    @contextmanager
    def acting(self, login):
        """Let another user have the browser during the block."""
        before = self.page
        try:
            with self._window(login) as self.page:
                yield
        finally:
            self.page = before

    @contextmanager
    def _window(self, login):
        """Open a browser window in which the user is logged in; yield its page."""
        context = self._browser.new_context(viewport=VIEW)
        try:
            context.set_default_timeout(PATIENCE)
            context.add_cookies(self._user(login).cookies)
            page = context.new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            yield page
        finally:
            context.close()

    @contextmanager
    def step(self, text):
        """Print ``text``, and note how long the block took, in seconds."""
        say(f"  {text}")
        started = time.monotonic()
        try:
            yield
        finally:
            seconds = round(time.monotonic() - started, 2)
            self.steps.append({"step": text, "seconds": seconds})
            say(f"    took {seconds:.1f}s")

    def check(self, condition, text):
        """Note and print whether ``text`` is true; the story goes on either way."""
        true = bool(condition)
        self.checks.append({"check": text, "true": true})
        say(f"    {'true ' if true else 'FALSE'} {text}")

    def open(self, path):
        """Let the browser go to a path of the server."""
        self.page.goto(self._url + path)

    def screenshot(self, name):
        """Save a picture of the page when nothing on it is being loaded."""
        self.page.locator(".o_loading_indicator, .o_blockUI").first.wait_for(
            state="hidden"
        )
        self.page.screenshot(path=self._folder / name, animations="disabled")

    def pdf(self, name, report, ids):
        """Let the accountant download a report's PDF; return its path."""
        numbers = ",".join(map(str, ids))
        return self._save(name, f"/report/pdf/{report}/{numbers}")

    def attachment(self, name, number):
        """Let the accountant download an attachment; return its path."""
        return self._save(name, f"/web/content/{number}?download=true")

    @staticmethod
    def pdf_pages(path):
        """Return the text of each page of a PDF."""
        text = output(["pdftotext", "-layout", path, "-"], f"{path} is no PDF")
        return text.removesuffix("\f").split("\f")

    def _save(self, name, path):
        target = self._folder / name
        target.write_bytes(self.accountant.download(path))
        return target
