"""A company that a user makes in a running Odoo, which installs what it needs."""


def make(env, code, phone):
    """Make a company; return its chart, its phone number at Peppol, and a state.

    :param code: of a country
    :return: the state is that of the country's module
    """
    country = env["res.country"].search([("code", "=", code)])
    values = {"name": "Nova", "country_id": country.id, "phone": phone}
    company = env["res.company"].create(values)
    env.cr.commit()
    module = env["ir.module.module"].search([("name", "=", f"l10n_{code.lower()}")])
    return company.chart_template, company.account_peppol_phone_number, module.state
