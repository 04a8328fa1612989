{
    "name": "Portugal: AT series, ATCUD",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "summary": "Register billing series with the Portuguese Tax Authority and "
    "print the ATCUD on every page",
    "author": "Fiscal Bridges for Odoo contributors",
    "license": "LGPL-3",
    "countries": ["pt"],
    "depends": ["account", "account_debit_note", "certificate", "l10n_pt"],
    "external_dependencies": {
        "python": ["cryptography", "lxml", "qrcode", "requests", "zeep"]
    },
    "data": [
        "security/ir.model.access.csv",
        "security/l10n_pt_atcud_security.xml",
        "data/ir_cron.xml",
        "report/external_layouts.xml",
        "report/report_invoice.xml",
        "views/l10n_pt_atcud_series_views.xml",
        "wizards/l10n_pt_atcud_series_close_views.xml",
        "wizards/l10n_pt_atcud_series_code_views.xml",
        "wizards/l10n_pt_atcud_series_import_views.xml",
        "wizards/l10n_pt_atcud_series_mismatch_views.xml",
        "wizards/l10n_pt_atcud_series_next_year_views.xml",
        "views/l10n_pt_atcud_exchange_views.xml",
        "views/account_journal_dashboard_views.xml",
        "views/account_journal_views.xml",
        "views/account_move_views.xml",
        "views/account_tax_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "images": [
        "static/description/banner.png",
        "static/description/atcud-1-draft-with-banner.png",
    ],
    "assets": {
        "web.assets_backend": ["l10n_pt_atcud/static/src/*"],
        "web.assets_tests": ["l10n_pt_atcud/static/tests/tours/*.js"],
    },
}
