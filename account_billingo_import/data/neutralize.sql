-- A copy of a database must not read anybody's Billingo account.
UPDATE billingo_connection
   SET environment = 'demo', api_key = NULL, state = 'draft';
