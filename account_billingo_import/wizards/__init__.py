from . import billingo_choose_partner, billingo_fetch_period
