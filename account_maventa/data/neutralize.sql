-- A copy of a database must never send anything in the company's name.
UPDATE res_company
   SET maventa_environment = 'demo',
       maventa_company_uuid = NULL,
       maventa_user_api_key = NULL,
       maventa_account_state = 'none',
       maventa_auth_state = NULL,
       maventa_registering_since = NULL,
       maventa_enabled = false;
DELETE FROM ir_config_parameter
 WHERE key IN ('account_maventa.vendor_api_key', 'account_maventa.simulator_url');
