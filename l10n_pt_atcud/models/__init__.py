from . import (
    account_journal,
    account_move,
    account_move_line,
    account_tax,
    l10n_pt_atcud_connection,
    l10n_pt_atcud_exchange,
    l10n_pt_atcud_go_live,
    l10n_pt_atcud_go_live_line,
    l10n_pt_atcud_series,
    l10n_pt_atcud_simulator_state,
    res_company,
    res_config_settings,
)
