"""Prepare the Finnish company of the demo (runs inside ``odoo shell``)."""

ACCOUNTANT = (
    "base.group_user",
    "base.group_partner_manager",  # as Odoo gives it to every new user
    "account.group_account_invoice",
    "account.group_account_user",
)
ADMINISTRATOR = (
    "base.group_system",
    "base.group_partner_manager",
    "account.group_account_manager",
)
SALES = (
    ("Kivi ja Kallio Oy", "FI98765430", [("Snow ploughing", 12, 85.0)]),
    ("Järvi Oy", "FI92345670", [("Ice road, per km", 4.5, 240.0), ("Sand", 3, 19.9)]),
    ("Metsä Tmi", "FI93456786", [("Roof clearing", 1, 1290.0)]),
)
SUPPLIERS = (  # with the account that is known and trusted
    ("Siivous Žižek Oy", "FI29770658", "FI8857493257383447"),
    ("Toimisto Šalom Oy", "FI29205798", "FI9254468826372892"),
)


def prepare(env, settings):
    """Make the company, its people, its account at Maventa, and drafts.

    :param settings: what the sandbox says about the simulator
    :return: ids that the story needs
    """
    company = _company(env, settings)
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    company = company.with_env(env)
    accountant = _user(env, company, "accountant.fi", "Aino Accountant", ACCOUNTANT)
    _user(env, company, "administrator.fi", "Arto Administrator", ADMINISTRATOR)
    env.ref("base.user_admin").company_ids |= company
    customers = [_customer(env, *sale[:2]) for sale in SALES]
    invoices = [
        _draft(company, accountant, customer, lines)
        for customer, (_name, _vat, lines) in zip(customers, SALES, strict=True)
    ]
    note = _draft(
        company, accountant, customers[0], [("Snow ploughing", 2, 85.0)], "out_refund"
    )
    note.reversed_entry_id = invoices[0]
    env["ir.config_parameter"].set_param(
        "account_maventa.simulator_url", settings["url"]
    )
    for supplier in SUPPLIERS:
        _supplier(env, *supplier)
    return {
        "company": company.id,
        "invoices": [invoice.id for invoice in invoices],
        "credit_note": note.id,
        "accountant": accountant.login,
        "administrator": "administrator.fi",
    }


def _company(env, settings):
    # In install mode Odoo does not add its own modules for the country: they want
    # Python packages that a demo does not have.
    companies = env["res.company"].with_context(install_mode=True)
    company = companies.create(
        {
            "name": settings["name"],
            "country_id": env.ref("base.fi").id,
            "street": "Lumikuja 1",
            "zip": "00100",
            "city": "Helsinki",
            "vat": settings["vat"],
            "email": "invoices@lumi.example.com",
            "phone": "+358 9 1234567",
            "external_report_layout_id": env.ref("web.external_layout_standard").id,
        }
    )
    company = company.with_env(env)
    env["account.chart.template"].try_loading("fi", company=company, install_demo=False)
    env["res.partner.bank"].create(
        {
            "acc_number": "FI2112345600000785",
            "partner_id": company.partner_id.id,
            "company_id": company.id,
            "allow_out_payment": True,
        }
    )
    company._maventa_configure(
        "demo", settings["company_uuid"], settings["user_api_key"]
    )
    return company


def _user(env, company, login, name, groups):
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        {
            "name": name,
            "login": login,
            "password": login,
            "email": f"{login}@example.com",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        }
    )


def _customer(env, name, vat):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "street": "Jääkatu 2",
            "zip": "33100",
            "city": "Tampere",
            "country_id": env.ref("base.fi").id,
            "vat": vat,
            "email": "billing@example.com",
        }
    )


def _supplier(env, name, vat, account):
    supplier = _customer(env, name, vat)
    supplier.bank_ids = [
        (0, 0, {"acc_number": account, "allow_out_payment": True}),
    ]


def _draft(company, accountant, customer, lines, move_type="out_invoice"):
    taxes = [(6, 0, company.account_sale_tax_id.ids)]
    return company.env["account.move"].create(
        {
            "move_type": move_type,
            "company_id": company.id,
            "partner_id": customer.id,
            "invoice_date": "2026-03-02",
            "invoice_user_id": accountant.id,
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "name": name,
                        "quantity": quantity,
                        "price_unit": price,
                        "tax_ids": taxes,
                    },
                )
                for name, quantity, price in lines
            ],
        }
    )
