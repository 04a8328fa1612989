from . import (
    account_journal,
    account_move,
    account_move_numbering,
    account_move_posting,
    l10n_pt_atcud_series,
    l10n_pt_atcud_series_changes,
    l10n_pt_atcud_series_outcome,
    l10n_pt_atcud_series_registration,
    l10n_pt_atcud_simulator_state,
    res_company,
    res_company_client,
    res_config_settings,
)
