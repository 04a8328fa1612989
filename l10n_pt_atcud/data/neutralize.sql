-- A copy of a database must not call AT in the name of the original.
-- First the files of certificates and private keys, while it is known which are ours.
CREATE TEMPORARY TABLE l10n_pt_atcud_used AS
SELECT certificate.id, certificate.private_key_id
  FROM certificate_certificate AS certificate
 WHERE certificate.id IN (
       SELECT client_certificate_id FROM l10n_pt_atcud_connection
        UNION
       SELECT client_certificate_id FROM l10n_pt_atcud_signing);
DELETE FROM ir_attachment
 WHERE (res_model = 'certificate.key'
        AND res_id IN (SELECT private_key_id FROM l10n_pt_atcud_used))
    OR (res_model = 'certificate.certificate'
        AND res_id IN (SELECT id FROM l10n_pt_atcud_used));
UPDATE certificate_key
   SET password = NULL
 WHERE id IN (SELECT private_key_id FROM l10n_pt_atcud_used);
UPDATE certificate_certificate
   SET pkcs12_password = NULL
 WHERE id IN (SELECT id FROM l10n_pt_atcud_used);
DROP TABLE l10n_pt_atcud_used;
-- Nothing is signed in a copy, and it has no key and reaches no signer.
UPDATE l10n_pt_atcud_signing_key
   SET private_key = NULL;
UPDATE l10n_pt_atcud_signing
   SET state = 'off',
       address = NULL,
       token = NULL,
       client_certificate_id = NULL;
DELETE FROM ir_config_parameter
 WHERE starts_with(key, 'l10n_pt_atcud.');
UPDATE l10n_pt_atcud_connection
   SET password = NULL,
       password_mode = 'stored',
       client_certificate_id = NULL,
       cipher_certificate_id = NULL,
       state = 'unchecked',
       state_since = NULL,
       refusal = NULL;
-- Where no environment was chosen, codes of the portal belong to Production.
INSERT INTO l10n_pt_atcud_connection
            (company_id, nif, environment, password_mode, state)
     SELECT DISTINCT company.id, used.nif, 'demo', 'stored', 'unchecked'
       FROM res_company AS company
       JOIN l10n_pt_atcud_connection AS used
         ON used.id = company.l10n_pt_atcud_connection_id
         OR (company.l10n_pt_atcud_connection_id IS NULL
             AND used.company_id = company.id
             AND used.environment = 'production')
      WHERE NOT EXISTS (
            SELECT FROM l10n_pt_atcud_connection AS demo
             WHERE demo.company_id = company.id
               AND demo.nif = used.nif
               AND demo.environment = 'demo');
UPDATE res_company
   SET l10n_pt_atcud_connection_id = demo.id
  FROM l10n_pt_atcud_connection AS used, l10n_pt_atcud_connection AS demo
 WHERE (used.id = res_company.l10n_pt_atcud_connection_id
        OR (res_company.l10n_pt_atcud_connection_id IS NULL
            AND used.company_id = res_company.id
            AND used.environment = 'production'))
   AND demo.company_id = res_company.id
   AND demo.nif = used.nif
   AND demo.environment = 'demo';
