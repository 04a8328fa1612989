from . import (
    account_payment_register,
    billingo_choose_partner,
    billingo_correct,
    billingo_fetch_period,
    billingo_overview,
    billingo_setup,
)
