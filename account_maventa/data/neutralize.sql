-- A copy of a database must never send or fetch anything in the company's name.
UPDATE maventa_account
   SET environment = 'demo',
       company_uuid = NULL,
       user_api_key = NULL,
       state = 'unchecked',
       auth_state = NULL,
       auth_request_email = NULL,
       vendor_linked = false,
       registering_since = NULL,
       receives = false,
       webhook_token = NULL,
       webhook_id = NULL;
UPDATE res_company
   SET maventa_enabled = false;
DELETE FROM ir_config_parameter
 WHERE starts_with(key, 'account_maventa.');
