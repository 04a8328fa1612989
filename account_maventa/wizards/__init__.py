from . import (
    maventa_authentication_wizard,
    maventa_lookup,
    maventa_registration_wizard,
    maventa_reroute_wizard,
    maventa_rules_upload,
)
