"""A user of Odoo that makes the same calls as the web client."""

import itertools
import time

import requests

TIMEOUT = 300  # seconds


class OdooRefused(Exception):
    """Odoo's server answered with an error; the text is the message for the user."""


class OdooUser:
    """Log in and call methods.

    :param url: of the server
    :param company: id of the company to act in
    :raise OdooRefused: wrong login
    """

    def __init__(self, url, database, login, company):
        self._url = url
        self._session = requests.Session()
        self._numbers = itertools.count(1)
        self._company = company
        # In the demo each password equals the login.
        credentials = {"db": database, "login": login, "password": login}
        self._rpc("/web/session/authenticate", credentials)

    def call(self, model, method, *args, **kwargs):
        """Call a public method of a model and return what it returns."""
        context = {"allowed_company_ids": [self._company], "lang": "en_US"}
        kwargs["context"] = context | kwargs.get("context", {})
        return self._rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def run_cron(self, xmlid):
        """Run a scheduled job now, as its button in the settings does.

        If a worker of the server is running it already, that run counts.
        """
        module, name = xmlid.split(".")
        [row] = self.call(
            "ir.model.data",
            "search_read",
            [["module", "=", module], ["name", "=", name]],
            ["res_id"],
        )
        try:
            self.call("ir.cron", "method_direct_trigger", [row["res_id"]])
        except OdooRefused as refused:
            if "already executing" not in str(refused):
                raise
            time.sleep(1)

    def download(self, path):
        """Return the bytes at ``path`` of the server."""
        answer = self._session.get(self._url + path, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.content

    @property
    def cookies(self):
        """The session, for a browser: a list as Playwright takes it."""
        return [
            {"name": cookie.name, "value": cookie.value, "url": self._url}
            for cookie in self._session.cookies
        ]

    def _rpc(self, path, params):
        body = {"jsonrpc": "2.0", "id": next(self._numbers), "params": params}
        answer = self._session.post(self._url + path, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        found = answer.json()
        if "error" in found:
            data = found["error"].get("data") or found["error"]
            raise OdooRefused(data.get("message") or str(found["error"]))
        return found["result"]
