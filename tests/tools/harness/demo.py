"""``./dev demo``: three companies, three stories, and a report."""

import importlib
import json
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

from playwright.sync_api import sync_playwright
from simulators import loopback

from . import console, databases, odoo_server, processes
from .addons import ADDONS
from .console import say, step
from .demo_session import DemoSession
from .paths import VAR, locked
from .toolchain import from_environment

FOLDER = VAR / "demo"
KEPT = FOLDER / "simulators"  # `./dev serve` continues with their state
PREPARE = pathlib.Path(__file__).with_name("prepare_demo.py")
READY = FOLDER / "ready"  # the database is complete
BUSY = "another ./dev demo or ./dev serve is running in this folder"


def main():
    """Make the demo and play it; return 0 when all checks are true."""
    toolchain = from_environment()
    with locked(VAR / "demo.lock", BUSY):
        return play(toolchain)


def play(toolchain):
    """Play all stories in a new database and write the report.

    :return: 0 when every check was true, else 1
    """
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    KEPT.mkdir(parents=True)  # and READY is gone
    database = databases.demo_name()
    port = odoo_server.free_port()
    with loopback.running(KEPT) as services:
        ids = build(toolchain, database, services, port)
        READY.touch()
        with (
            odoo_server.serving(toolchain, database, port, FOLDER / "odoo.log") as odoo,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=toolchain.browser, args=["--no-sandbox"]
            )
            stories = {
                addon: _play_story(
                    addon,
                    DemoSession(odoo.url, database, browser, FOLDER, *service, made),
                )
                for (addon, service), made in zip(
                    services.items(), ids.values(), strict=True
                )
            }
            browser.close()
    return _report(stories, round(time.monotonic() - started, 1))


def build(toolchain, database, services, port):
    """Make the demo database with the three addons and companies; return the ids."""
    databases.copy(toolchain, database)
    log = FOLDER / "odoo.log"
    base = ("-c", toolchain.configuration(), "-d", database, "--no-http")
    install = ("-i", ",".join(services), "--skip-auto-install", "--stop-after-init")
    with step("install the three addons"):
        toolchain.run_odoo(log, *base, *install)
    with step("a Portuguese, a Finnish and a Hungarian company"):
        return _prepare(toolchain, log, base, services, addresses(services, port))


def _prepare(toolchain, log, base, services, parameters):
    """Let Odoo's shell make the companies; return the ids that it made."""
    with tempfile.TemporaryDirectory() as folder:
        order, answer = pathlib.Path(folder, "order"), pathlib.Path(folder, "answer")
        settings = {addon: values for addon, (_simulator, values) in services.items()}
        wanted = {
            "settings": settings,
            "parameters": parameters,
            "answer": str(answer),
        }
        order.write_text(json.dumps(wanted), encoding="utf-8")
        call = f"run_path({str(PREPARE)!r})['prepare'](env, {str(order)!r})"
        script = f"from runpy import run_path\n{call}\n"
        toolchain.run_odoo(log, "shell", *base, script=script)
        return json.loads(answer.read_text(encoding="utf-8"))


def addresses(services, port):
    """Return the system parameters that depend on the ports of this run."""
    url = f"http://127.0.0.1:{port}"
    own = {"web.base.url": url, "web.base.url.freeze": "True", "report.url": url}
    return own | {
        f"{addon}.simulator_url": values["url"]
        for addon, (_simulator, values) in services.items()
    }


def _play_story(addon, session):
    """Play one story; return its part of the report, also when the story fails."""
    story = importlib.import_module(f"demo.{addon}_story")
    say(f"\n{story.TITLE}")
    started = time.monotonic()
    outcome = {}
    try:
        with session.enter(ADDONS[addon].accountant):
            outcome = story.play(session)
        session.check(not session.errors, "no script failed in the browser")
    except Exception as error:  # any error belongs into the report
        reason = FOLDER / f"{addon}-stopped.txt"
        details = [traceback.format_exc(), *session.errors]
        reason.write_text("\n".join(details), encoding="utf-8")
        session.check(False, f"the story stopped: {error} (see {reason})")
    return {
        "title": story.TITLE,
        "seconds": round(time.monotonic() - started, 1),
        "steps": session.steps,
        "checks": session.checks,
        **outcome,
    }


def _report(stories, seconds):
    path = FOLDER / "report.json"
    report = {"seconds": seconds, "stories": stories}
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")
    checks = [check for story in stories.values() for check in story["checks"]]
    false = [check["check"] for check in checks if not check["true"]]
    say(f"\n{len(checks) - len(false)} of {len(checks)} checks are true ({seconds}s)")
    for text in false:
        say(f"  FALSE {text}")
    say(f"PDFs, screenshots, report.json: {FOLDER}")
    say("Open it in the web client: ./dev serve")
    return 1 if false or not checks else 0


if __name__ == "__main__":
    processes.unwind_on_signals()
    sys.exit(console.run(main))
