"""The verification of all signed documents, for an auditor: screen, PDF and files."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guards import guarded


@guarded()
class L10nPtAtcudVerification(models.TransientModel):
    _name = "l10n_pt_atcud.verification"
    _description = "Verification of signed documents"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    made_on = fields.Datetime(readonly=True)
    series_count = fields.Integer(string="Series", readonly=True)
    document_count = fields.Integer(string="Documents", readonly=True)
    summary = fields.Text(readonly=True)
    public_keys = fields.Text(readonly=True)
    line_ids = fields.One2many(
        comodel_name="l10n_pt_atcud.verification.line",
        inverse_name="verification_id",
        string="Breaks",
        readonly=True,
    )

    # === OVERRIDES === #

    @api.model
    def name_create(self, name):
        # EXTENDS 'base': its name is that of its company
        raise UserError(self.env._("“%s” is not created by a name.", self._description))

    # === ACTIONS === #

    def action_verify(self):
        """Verify all series from the first number, and show the result."""
        self.ensure_one()
        self._verify()
        return {
            **self._get_records_action(name=self.env._("Verification")),
            "target": "new",
        }

    def action_pdf(self):
        """Verify, and print the result with the public keys."""
        self.ensure_one()
        self._verify()
        report = self.env.ref("l10n_pt_atcud.action_report_l10n_pt_atcud_verification")
        return report.report_action(self)

    def action_export(self):
        """Verify, and download messages, signatures, breaks and public keys."""
        self.ensure_one()
        signing = self._verify()
        breaks = [(line.number, line.description) for line in self.line_ids]
        export = self.env["l10n_pt_atcud.verification_export"]
        attachment = self.env["ir.attachment"].create(
            {
                "name": "verification.zip",
                "datas": base64.b64encode(export.archive(signing, breaks)),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    # === HELPERS === #

    def _verify(self):
        """Verify anew; return how the taxpayer signs, with ``sudo``."""
        self.env["account.move"].check_access("read")
        self.company_id.check_access("read")
        taxpayer = self.company_id._l10n_pt_atcud_taxpayer().sudo()
        signing = taxpayer.l10n_pt_atcud_signing_ids
        if not signing:
            raise UserError(
                self.env._("Documents of %s are not signed.", taxpayer.display_name)
            )
        verification = self.env["l10n_pt_atcud.chain_verification"]
        finding = verification.verify(signing)
        lines = [
            {"number": found.number, "description": verification.describe(found)}
            for _series, found in finding.breaks
        ]
        self.line_ids.unlink()
        self.write(
            {
                "made_on": fields.Datetime.now(),
                "series_count": len(finding.counts),
                "document_count": sum(finding.counts.values()),
                "summary": self._summary(finding),
                "public_keys": "\n".join(
                    f"{key.version}\n{key.public_key}" for key in signing.key_ids
                ),
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        return signing

    def _summary(self, finding):
        """Return the documents of each series, and whether it is whole.

        What has no fiscal value says so.
        """
        broken = {series for series, _found in finding.breaks}
        whole, not_whole = self.env._("whole"), self.env._("broken")
        lines = [
            f"{series.display_name}: {count}, "
            f"{not_whole if series in broken else whole}"
            for series, count in finding.counts.items()
        ]
        trial = self.env["l10n_pt_atcud.demo_documents"]
        environments = {series.environment for series in finding.counts}
        remarks = [trial.notice(one) for one in sorted(environments - {False})]
        return "\n".join([*lines, *filter(None, remarks)])


@guarded()
class L10nPtAtcudVerificationLine(models.TransientModel):
    _name = "l10n_pt_atcud.verification.line"
    _description = "Break in a chain of signed documents"

    verification_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.verification",
        required=True,
        ondelete="cascade",
        index=True,
    )
    number = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
