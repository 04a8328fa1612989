from . import (
    account_debit_note,
    account_move_reversal,
    account_payment_register,
    l10n_pt_atcud_cancel,
    l10n_pt_atcud_overview,
    l10n_pt_atcud_series_close,
    l10n_pt_atcud_series_code,
    l10n_pt_atcud_series_counter,
    l10n_pt_atcud_series_import,
    l10n_pt_atcud_series_mismatch,
    l10n_pt_atcud_series_next_year,
    l10n_pt_atcud_series_report,
)
