-- A neutralized copy must not read a real Billingo account.
UPDATE billingo_connection
   SET environment = 'demo', api_key = NULL, state = 'draft';
DELETE FROM ir_config_parameter
 WHERE starts_with(key, 'account_billingo_import.');
