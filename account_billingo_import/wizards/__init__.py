from . import (
    account_debit_note,
    account_move_reversal,
    account_payment_register,
    base_partner_merge,
    billingo_choose_partner,
    billingo_correct,
    billingo_fetch_period,
    billingo_overview,
    billingo_setup,
)
