from . import (
    account_payment_register,
    l10n_pt_atcud_document_cancel,
    l10n_pt_atcud_series_close,
    l10n_pt_atcud_series_code,
    l10n_pt_atcud_series_import,
    l10n_pt_atcud_series_mismatch,
    l10n_pt_atcud_series_next_year,
)
