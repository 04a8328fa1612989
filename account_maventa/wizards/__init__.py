from . import (
    maventa_authentication,
    maventa_lookup,
    maventa_registration,
    maventa_reroute,
)
