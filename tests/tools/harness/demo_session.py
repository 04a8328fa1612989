"""The session of a demo story: users, a browser, a simulator, steps and checks."""

import time
from contextlib import contextmanager
from functools import partial

from .console import say, still_running
from .odoo_user import OdooUser
from .processes import output

VIEW = {"width": 1600, "height": 1000}  # wide: the PDF beside the data
TIMEOUT = 60_000  # milliseconds for an element of a page


class DemoSession:
    """The tools of a story.

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
        """Log in the accountant, who has the browser, and the administrator."""
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
            context.set_default_timeout(TIMEOUT)
            context.add_cookies(self._user(login).cookies)
            page = context.new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            yield page
        finally:
            context.close()

    @contextmanager
    def step(self, text):
        """Print ``text``, and record the seconds that the block took."""
        say(f"  {text}")
        started = time.monotonic()
        try:
            with still_running(text):
                yield
        finally:
            seconds = round(time.monotonic() - started, 2)
            self.steps.append({"step": text, "seconds": seconds})
            say(f"    took {seconds:.1f}s")

    def check(self, condition, text):
        """Record and print whether ``text`` is true; the story continues if not."""
        true = bool(condition)
        self.checks.append({"check": text, "true": true})
        say(f"    {'true ' if true else 'FALSE'} {text}")

    def open(self, path):
        """Let the browser go to a path of the server."""
        self.page.goto(self._url + path)

    def screenshot(self, name):
        """Save a picture of the page when it is loaded completely."""
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
        text = output(["pdftotext", "-layout", path, "-"], f"{path} is not a PDF")
        return text.removesuffix("\f").split("\f")

    def _save(self, name, path):
        target = self._folder / name
        target.write_bytes(self.accountant.download(path))
        return target
