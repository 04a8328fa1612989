{
    "name": "Billingo Import",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Bring Billingo documents into the books, to the forint",
    "author": "Fiscal Bridges for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["account", "l10n_hu_edi"],
    "external_dependencies": {"python": ["requests"]},
    "data": [
        "security/ir.model.access.csv",
        "security/account_billingo_import_security.xml",
        "data/account_cash_rounding.xml",
        "data/ir_cron.xml",
        "views/billingo_tax_map_views.xml",
        "views/billingo_document_views.xml",
        "views/billingo_connection_views.xml",
        "views/account_move_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["account_billingo_import/static/tests/tours/*.js"],
    },
}
