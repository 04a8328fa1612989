from . import (
    account_chart_template,
    account_journal,
    account_move,
    account_tax,
    l10n_pt_atcud_connection,
    l10n_pt_atcud_exchange,
    l10n_pt_atcud_exemption_reason,
    l10n_pt_atcud_series,
    l10n_pt_atcud_simulator_state,
    res_company,
    res_config_settings,
)
