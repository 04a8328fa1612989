from . import (
    account_move_send_batch_wizard,
    account_move_send_wizard,
    maventa_approver_mixin,
    maventa_authentication_wizard,
    maventa_lookup,
    maventa_overview,
    maventa_registration_wizard,
    maventa_reroute_wizard,
    maventa_rules_upload,
    maventa_transfer_result,
)
