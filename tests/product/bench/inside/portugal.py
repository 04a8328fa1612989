"""A Portuguese company and its series; loaded by the measures that need them."""

import pathlib
from runpy import run_path

DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo" / "l10n_pt_atcud_data.py"
TAXPAYER = "509987656"  # invented, with a valid check digit


def company(env):
    """Make a company with the Portuguese chart of accounts."""
    # Else Odoo installs its own modules for the country, which want more of Python.
    companies = env["res.company"].with_context(chart_template_load=True)
    found = companies.create(
        {
            "name": "Azulejo Lda",
            "vat": f"PT{TAXPAYER}",
            "country_id": env.ref("base.pt").id,
            "currency_id": env.ref("base.EUR").id,
        }
    )
    found = found.with_env(env)
    charts = env["account.chart.template"]
    charts.try_loading("pt", company=found, install_demo=False)
    env.user.company_ids += found
    return found


def connected(env, settings):
    """Make the demo's company, which is connected to the sandbox.

    :return: an environment in it, and its sales journal
    """
    demo = run_path(str(DEMO))
    made = demo["prepare"](env, settings)
    env = env(context={**env.context, "allowed_company_ids": [made["company"]]})
    demo["connect"](env, env.company, settings)
    return env, env["account.journal"].browse(made["journal"])


def journal(env):
    """Return the sales journal of the company in the environment."""
    return env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", env.company.id)], limit=1
    )


def series(env, journal, identifiers):
    """Make a series for invoices with each identifier, and commit."""
    found = env["l10n_pt_atcud.series"].create(
        [
            {"journal_id": journal.id, "document_type": "FT", "identifier": identifier}
            for identifier in identifiers
        ]
    )
    env.cr.commit()
    return found
