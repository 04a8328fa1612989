from . import (
    account_payment_register,
    billingo_choose_partner,
    billingo_fetch_period,
)
