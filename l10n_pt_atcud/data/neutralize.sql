-- A copy of a database must not register series in the name of the original.
UPDATE res_company
   SET l10n_pt_atcud_environment = 'demo',
       l10n_pt_atcud_password = NULL,
       l10n_pt_atcud_password_mode = 'stored',
       l10n_pt_atcud_verdict = 'unchecked',
       l10n_pt_atcud_verdict_on = NULL,
       l10n_pt_atcud_refusal = NULL,
       l10n_pt_atcud_client_certificate_id = NULL,
       l10n_pt_atcud_cipher_certificate_id = NULL;
