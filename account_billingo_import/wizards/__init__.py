from . import billingo_fetch_period
