"""The Hungarian company of the demo: its books, its accountant, two connections."""

from odoo.addons.account_billingo_import.billingo_api.simulator.samples import COMPANY

PAGE_SIZE = "10"  # several pages from few documents


def prepare(env, settings):
    """Make everything but the user's own steps; return the ids that the story needs.

    :param settings: of the sandbox: url, supplier_key, own_key
    """
    parameters = env["ir.config_parameter"]
    parameters.set_param("account_billingo_import.simulator_url", settings["url"])
    parameters.set_param("account_billingo_import.page_size", PAGE_SIZE)
    env.ref("base.EUR").active = True
    company = _company(env)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    accountant = _accountant(env, company)
    connections = {
        mode: _connection(env, company, accountant, mode, key)
        for mode, key in (
            ("supplier", settings["supplier_key"]),
            ("customer", settings["own_key"]),
        )
    }
    return {
        "company": company.id,
        "accountant": accountant.id,
        "supplier": connections["supplier"].id,
        "customer": connections["customer"].id,
    }


def _company(env):
    forint = env.ref("base.HUF")
    forint.active = True
    company = env["res.company"].create(
        {
            "name": COMPANY.name,
            "vat": COMPANY.tax_number,
            "street": COMPANY.street,
            "zip": COMPANY.post_code,
            "city": COMPANY.city,
            "country_id": env.ref("base.hu").id,
            "currency_id": forint.id,
            "email": COMPANY.email,
        }
    )
    env.ref("base.user_admin").company_ids += company
    env.user.company_ids += company
    env["account.chart.template"].try_loading("hu", company=company, install_demo=False)
    return company


def _accountant(env, company):
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        {
            "name": "Könyvelő Kata",
            "login": "accountant.hu",
            "password": "accountant.hu",
            "email": "kata@folyami.example",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [
                (4, env.ref("account.group_account_user").id),
                (4, env.ref("account.group_account_invoice").id),
            ],
        }
    )


def _connection(env, company, accountant, mode, key):
    kind = "sale" if mode == "customer" else "purchase"
    ordinary = env["account.journal"].search(
        [("type", "=", kind), ("company_id", "=", company.id)], limit=1
    )
    journal = env["account.journal"].create(
        {
            "name": f"Billingo: {ordinary.name}",
            "code": "BLGK" if kind == "sale" else "BLGS",
            "type": kind,
            "company_id": company.id,
            "default_account_id": ordinary.default_account_id.id,
            "refund_sequence": kind == "purchase",
        }
    )
    return env["billingo.connection"].create(
        {
            "name": "Folyami, own invoices" if kind == "sale" else "Tölgyes Papír",
            "company_id": company.id,
            "environment": "demo",
            "mode": mode,
            "api_key": key,
            "start_date": "2026-01-01",
            # The supplier sends his bills electronically.
            "receipt_policy": "issue",
            "journal_id": journal.id,
            "user_id": accountant.id,
        }
    )
