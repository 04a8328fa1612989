"""A key of the producer that signs documents, or the public half of a signer's key.

A version is entered once and never becomes another key: documents name it for ever
(HashControl). The private half can be removed, the public one stays.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from ..at_series import (
    SigningError,
    load_signing_key,
    load_verification_key,
    new_signing_key,
    private_key_text,
    public_key_text,
)
from ..guards import guarded

_lt = LazyTranslate(__name__)

_FROZEN = frozenset(("signing_id", "version"))
_DEMO_VERSIONS = 9000  # those of Demo come after it
_ENTERED = ("entered_private_key", "entered_password", "entered_public_key")
_REASONS = {
    "form": _lt("This is no key in PEM."),
    "kind": _lt("The law wants an RSA key, and this is another kind."),
    "size": _lt("The law wants an RSA key of exactly 1024 bits."),
    "password": _lt("The password of the key is missing or wrong."),
    "unsupported": _lt(
        "This machine's policy forbids signatures with SHA-1 or 1024 bits, which the "
        "law prescribes. Use a remote signer."
    ),
}


@guarded("private_key", "public_key", "used_on", "is_demo")
class L10nPtAtcudSigningKey(models.Model):
    _name = "l10n_pt_atcud.signing_key"
    _description = "Key that signs documents"
    _order = "signing_id, version desc"
    _rec_name = "version"

    signing_id = fields.Many2one(
        comodel_name="l10n_pt_atcud.signing",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="signing_id.company_id")
    version = fields.Integer(
        required=True,
        default=1,
        aggregator=None,
        help="The number of the key, from 1. It is never used for another key.",
    )
    private_key = fields.Text(groups=fields.NO_ACCESS, readonly=True, copy=False)
    public_key = fields.Text(readonly=True, copy=False)
    has_private_key = fields.Boolean(
        string="Private key here", compute="_compute_has_private_key", compute_sudo=True
    )
    used_on = fields.Datetime(string="First use", readonly=True, copy=False)
    is_demo = fields.Boolean(
        string="Made in Demo",
        readonly=True,
        copy=False,
        help="Signs in Demo only, and is not counted among the versions of AT.",
    )
    # What is typed in goes into no column, and is never shown again.
    entered_private_key = fields.Text(
        string="Private key (PEM)",
        compute="_compute_entered",
        inverse="_inverse_entered",
        groups="base.group_system",
    )
    entered_password = fields.Char(
        string="Password of the key",
        compute="_compute_entered",
        inverse="_inverse_entered",
        groups="base.group_system",
    )
    entered_public_key = fields.Text(
        string="Public key of the signer (PEM)",
        compute="_compute_entered",
        inverse="_inverse_entered",
        groups="base.group_system",
    )

    # === CONSTRAINTS === #

    _version_uniq = models.Constraint(
        "UNIQUE(signing_id, version)",
        "This version exists. A new key gets a new version.",
    )
    _version_positive = models.Constraint(
        "CHECK(version >= 1)", "The first version of a key is 1."
    )

    # === COMPUTES === #

    @api.depends("private_key")
    def _compute_has_private_key(self):
        for key in self:
            key.has_private_key = bool(key.private_key)

    def _compute_entered(self):
        for key in self:
            for name in _ENTERED:
                key[name] = False

    def _inverse_entered(self):
        """Nothing: ``create`` takes what was entered."""

    # === OVERRIDES === #

    @api.model_create_multi
    def create(self, vals_list):
        halves = [
            self._halves(*(vals.get(name) for name in _ENTERED)) for vals in vals_list
        ]
        keys = super().create(
            [
                {name: vals[name] for name in vals if name not in _ENTERED}
                for vals in vals_list
            ]
        )
        # Nobody may write the private half, not even who has entered it.
        for key, (private, public) in zip(keys.sudo(), halves, strict=True):
            key.write({"private_key": private, "public_key": public})
            key._check_is_next()
        return keys

    def write(self, vals):
        if any(vals.get(name) for name in _ENTERED) or any(
            self._fields[name].convert_to_write(key[name], key) != vals[name]
            for name in _FROZEN & vals.keys()
            for key in self
        ):
            raise UserError(
                self.env._(
                    "A key never becomes another one. Enter a new key with the next "
                    "version."
                )
            )
        kept = {name: value for name, value in vals.items() if name not in _ENTERED}
        return super().write(kept)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        for key in self:
            if key.used_on:
                raise UserError(
                    self.env._(
                        "Documents are signed with version %s of the key. Without its "
                        "public key nobody can verify them.",
                        key.version,
                    )
                )

    # === ACTIONS === #

    def action_remove_private_key(self):
        """Remove the private half for ever; the public one stays."""
        self.check_access("write")
        self.sudo().private_key = False
        return True

    # === HELPERS === #

    @api.model
    def _make_fresh(self, signing):
        """Return a fresh pair for Demo, which nobody gave to AT."""
        pem = new_signing_key().decode()
        version = max([_DEMO_VERSIONS, *signing.key_ids.mapped("version")]) + 1
        return self.create(
            {
                "signing_id": signing.id,
                "version": version,
                "is_demo": True,
                "entered_private_key": pem,
            }
        )

    def _halves(self, private, password, public):
        """Return the PEM of both halves of an entered key, tried out.

        :raise ValidationError: it is none that the law allows
        """
        try:
            if not private:
                key = load_verification_key((public or "").encode())
                return False, public_key_text(key)
            key = load_signing_key(private.encode(), password or None)
        except SigningError as error:
            text = self.env._(_REASONS[error.reason])
            raise ValidationError(text) from None  # no traceback shows the key
        return private_key_text(key), public_key_text(key.public_key())

    def _check_is_next(self):
        """Raise unless the version comes after all others; Demo's are not counted."""
        others = self.signing_id._own_keys() - self
        if (
            not self.is_demo
            and others
            and self.version <= max(others.mapped("version"))
        ):
            raise ValidationError(
                self.env._("The version of a new key is higher than all earlier ones.")
            )
