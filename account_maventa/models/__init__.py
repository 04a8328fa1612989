from . import (
    account_journal,
    account_move,
    account_move_send,
    ir_attachment,
    maventa_account,
    maventa_invoice_status,
    maventa_simulator_state,
    maventa_transfer,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_operator_einvoice,
)
