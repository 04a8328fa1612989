"""The Portuguese company of the demo: its books, its people, its drafts.

It is not configured: the story chooses an environment in the go-live assistant.
"""

import base64
import pathlib

from odoo import Command

LINES = 50  # enough for three pages
LANGUAGE = "pt_PT"
# whose texts are on an invoice
TRANSLATED = ("base", "web", "account", "l10n_pt", "l10n_pt_atcud")
TILES = ("Azulejo", "Mosaico", "Ladrilho", "Friso", "Rodapé")


def prepare(env, settings):
    """Make everything but the user's own steps; return the ids that the story needs.

    :param settings: of the sandbox: address, sub-user, paths of its certificates
    """
    parameters = env["ir.config_parameter"]
    parameters.set_param("l10n_pt_atcud.simulator_url", settings["url"])
    parameters.set_param(
        "l10n_pt_atcud.simulator_authority",
        pathlib.Path(settings["authority"]).read_text(),
    )
    _translate(env)
    company = _company(env, settings)
    _speak_portuguese(env, company)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    upload_certificates(env, settings)
    _user(env, company, "accountant.pt", "Ana Contabilista", ())
    _user(
        env,
        company,
        "administrator.pt",
        "Rui Administrador",
        ("account.group_account_manager", "base.group_system"),
    )
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    # The series of a shop are registered from the document and from the list.
    account = journal.default_account_id.id
    shop = journal.copy({"code": "LOJA", "default_account_id": account})
    shop.name = "Loja"  # Odoo calls each copy "(copy)"
    series = env["l10n_pt_atcud.series"].create(
        [
            {"journal_id": shop.id, "document_type": "FT", "identifier": identifier}
            for identifier in ("LOJA-2026", "WEB-2026")
        ]
    )
    receipts = _receipts(env, company)
    invoice, shop_invoice = _invoice(env, journal), _invoice(env, shop)
    wrong, returned = (_invoice(env, journal, lines=3) for _number in range(2))
    return {
        "company": company.id,
        "journal": journal.id,
        "series": series[0].id,
        "second_series": series[1].id,
        "receipts": receipts.id,
        "invoice": invoice.id,
        "shop_invoice": shop_invoice.id,
        "wrong_invoice": wrong.id,
        "returned_invoice": returned.id,
    }


def connect(env, company, settings):
    """Do by method what the story does in the go-live assistant."""
    client, cipher = upload_certificates(env, settings)
    company._l10n_pt_atcud_use_environment("demo").write(
        {
            "username": settings["username"],
            "password": settings["password"],
            "client_certificate_id": client.id,
            "cipher_certificate_id": cipher.id,
        }
    )


def upload_certificates(env, settings):
    """Make records of the client certificate, its key and AT's public key."""

    def content(name):
        return base64.b64encode(pathlib.Path(settings[name]).read_bytes())

    key = env["certificate.key"].create(
        {"name": "AT client key", "content": content("client_key")}
    )
    return env["certificate.certificate"].create(
        [
            {
                "name": "AT client certificate",
                "content": content("client_certificate"),
                "private_key_id": key.id,
            },
            {"name": "AT public key", "content": content("cipher_certificate")},
        ]
    )


def _translate(env):
    """Let documents be in Portuguese; users keep their language."""
    env["res.lang"]._activate_lang(LANGUAGE)
    modules = env["ir.module.module"].search([("name", "in", TRANSLATED)])
    modules._update_translations([LANGUAGE])


def _speak_portuguese(env, company):
    """Write on documents what Odoo's data have in English only."""
    env.ref(
        "base.pt"
    ).address_format = "%(street)s\n%(street2)s\n%(zip)s %(city)s\n%(country_name)s"
    taxes = env["account.tax"].search([("company_id", "=", company.id)])
    for tax in taxes.with_context(lang=LANGUAGE):
        tax.invoice_label = f"IVA {tax.amount:g}%"
    methods = env["account.payment.method.line"].search(
        [("journal_id.company_id", "=", company.id)]
    )
    methods.name = "Transferência bancária"


def _company(env, settings):
    # The context keeps Odoo from installing other modules for the country now.
    companies = env["res.company"].with_context(chart_template_load=True)
    company = companies.create(
        {
            "name": "Azulejo Lda",
            "vat": f"PT{settings['nif']}",
            "street": "Rua das Oliveiras 12",
            "zip": "4000-123",
            "city": "Porto",
            "country_id": env.ref("base.pt").id,
            "currency_id": env.ref("base.EUR").id,
            "email": "geral@azulejo.example",
        }
    )
    company = company.with_env(env)
    env.ref("base.user_admin").company_ids += company
    env.user.company_ids += company
    env["account.chart.template"].try_loading("pt", company=company, install_demo=False)
    company.external_report_layout_id = env.ref("web.external_layout_standard")
    return company


def _user(env, company, login, name, more_groups):
    groups = (
        "base.group_user",
        "account.group_account_invoice",
        "account.group_account_user",
        *more_groups,
    )
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        {
            "login": login,
            "password": login,
            "name": name,
            "email": f"{login}@azulejo.example",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([env.ref(group).id for group in groups])],
        }
    )


def _receipts(env, company):
    """Let the bank journal issue receipts; return the draft of their series."""
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    bank.l10n_pt_atcud_receipt_type = "RG"
    return env["l10n_pt_atcud.series"].create(
        {"journal_id": bank.id, "document_type": "RG", "identifier": "R2026"}
    )


def _invoice(env, journal, lines=LINES):
    customer = env["res.partner"].create(
        {
            "name": "Construções do Douro SA",
            "vat": "PT599999993",
            "street": "Avenida da Ribeira 7",
            "zip": "4050-510",
            "city": "Porto",
            "country_id": env.ref("base.pt").id,
            "lang": LANGUAGE,
        }
    )
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "journal_id": journal.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": f"{TILES[number % len(TILES)]} n.º {number + 1}",
                        "quantity": number % 7 + 1,
                        "price_unit": 10 + number / 4,
                        "tax_ids": env.company.account_sale_tax_id.ids,
                    }
                )
                for number in range(lines)
            ],
        }
    )
