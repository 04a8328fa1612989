{
    "name": "Maventa e-invoicing",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "summary": "Hand customer invoices to Maventa (Visma AutoInvoice) by their status",
    "author": "Fiscal Bridges for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["account", "account_edi_ubl_cii"],
    "external_dependencies": {"python": ["requests", "lxml"]},
    "data": [
        "security/ir.model.access.csv",
        "security/account_maventa_security.xml",
        "data/ir_cron.xml",
        "data/mail_activity_type.xml",
        "views/maventa_invoice_status_views.xml",
        "views/maventa_transfer_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["account_maventa/static/tests/tours/**/*"],
    },
}
