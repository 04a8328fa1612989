"""Databases: one template for each toolchain, and quick copies of it."""

import hashlib
import re
from pathlib import Path

from .console import step
from .paths import VAR, locked

# Dependencies of the addons, and modules that real databases have beside them.
MODULES = (
    "account,account_debit_note,account_edi_ubl_cii,account_peppol,certificate,"
    "l10n_fi,l10n_hu,l10n_hu_edi,l10n_nl,l10n_no,l10n_pt,l10n_se,purchase,sale"
)
_TEMPORARY = re.compile(r"(?:bench|terms|test)_(\d+)(?:_|$)")
# Companies with a chart of accounts, archived until a class of tests uses one: making
# a chart takes as long as all tests of a class. Attachments and assets in the
# database: a copy needs no folder of files. Odoo's own tests of its web client are not
# run, and their assets are the largest; an addon that adds to them would have to wait.
FINISH = """
charts = {
    "FI": "fi", "FI 2": "fi", "HU": "hu", "HU 2": "hu", "PT": "pt",
    "NL": "nl", "NO": "no", "SE": "se",
}
for name, code in charts.items():
    country = env["res.country"].search([("code", "=", name[:2])])
    # The context keeps Odoo from installing more for the country.
    company = env["res.company"].with_context(chart_template_load=True).create({
        "name": f"Ready {name}",
        "country_id": country.id,
        "currency_id": country.currency_id.id,
    }).with_env(env)
    chart = env["account.chart.template"]
    chart.try_loading(code, company=company, install_demo=False)
    company.currency_id = country.currency_id
    env.user.company_ids -= company
    company.active = False
parameters = env["ir.config_parameter"]
parameters.set_param("ir_attachment.location", "db")
# Odoo waits a second for the scripts of a PDF; the only one counts pages.
parameters.set_param("report.print_delay", "100")
env["ir.attachment"].force_storage()
for name in ("qunit_suite", "test_helpers", "unit_tests_suite"):
    env.ref(f"web.{name}").active = False
assets = env["ir.qweb"]
assets._pregenerate_assets_bundles()
# What Odoo leaves out there: a test that needs it would compile and forget it.
for name in ("web.report_assets_common", "web.report_assets_pdf"):
    assets._get_asset_bundle(name, js=False, autoprefix=True).css()
assets._get_asset_bundle("bus.websocket_worker_assets", css=False).js()
# Without statistics the search for an account takes fifty times as long.
env.cr.execute("ANALYZE")
env.cr.commit()
"""


def template(toolchain, label=step):
    """Return the name of the template database; build it unless it exists.

    :param label: returns a context for a text, for the time of building
    """
    name = _template_name(toolchain)
    with locked(Path(toolchain.cache) / "template.lock"):
        if not exists(toolchain, name):
            with label("template database"):
                _build(toolchain, name)
    return name


def has_template(toolchain):
    """Tell whether the template database exists already."""
    return exists(toolchain, _template_name(toolchain))


def _template_name(toolchain):
    parts = f"{toolchain.site} {toolchain.python} {MODULES} {FINISH}"
    return f"template_{hashlib.sha256(parts.encode()).hexdigest()[:12]}"


def _build(toolchain, name):
    """Build under another name: the final name always means a complete database."""
    unfinished = f"{name}_unfinished"
    drop(toolchain, unfinished)
    base = ("-c", toolchain.configuration(), "-d", unfinished, "--no-http")
    install = ("-i", MODULES, "--skip-auto-install", "--stop-after-init")
    log = VAR / "template.log"
    log.unlink(missing_ok=True)
    toolchain.run_odoo(log, *base, *install)
    toolchain.run_odoo(log, "shell", *base, script=FINISH)
    toolchain.cluster.psql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def copy(toolchain, name, tablespace="pg_default", source=""):
    """Create the database ``name`` again, as a copy of ``source``, or the template."""
    source = source or template(toolchain)
    drop(toolchain, name)
    toolchain.cluster.psql(
        f'CREATE DATABASE "{name}" TEMPLATE "{source}" TABLESPACE {tablespace}'
    )


def drop(toolchain, name):
    """Remove the database ``name`` if it exists, and end its sessions."""
    toolchain.cluster.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def drop_abandoned(toolchain):
    """Remove the databases of runs that were killed; each name has a process number."""
    listed = toolchain.cluster.psql("SELECT datname FROM pg_database").splitlines()
    for name in listed:
        found = _TEMPORARY.match(name)
        if found and not Path(f"/proc/{found[1]}").exists():
            drop(toolchain, name)


def exists(toolchain, name):
    """Tell whether the database ``name`` exists."""
    query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    return bool(toolchain.cluster.psql(query))


def recorded_content(toolchain, name):
    """Return the content that was recorded for a database, or empty text.

    The record is removed, so that an interrupted run leaves none.
    """
    recorded = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
    known = toolchain.cluster.psql(f"{recorded} WHERE datname = '{name}'")
    if known:
        toolchain.cluster.psql(f'COMMENT ON DATABASE "{name}" IS NULL')
    return known


def record_content(toolchain, name, content):
    """Record the content that was installed in the database ``name``.

    :param content: text without quotes
    """
    toolchain.cluster.psql(f"COMMENT ON DATABASE \"{name}\" IS '{content}'")


def demo_name():
    """Return the name of this folder's demo database."""
    return f"demo_{hashlib.sha256(str(VAR).encode()).hexdigest()[:8]}"
