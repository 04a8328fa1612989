"""A series against what AT says of it on its own account."""

from odoo import models
from odoo.exceptions import UserError

from ..at_series import Estado


class L10nPtAtcudSeries(models.Model):
    _inherit = "l10n_pt_atcud.series"

    def _compare(self, info):
        """Take over what became of this series at AT, and tell who answers for it.

        :param info: what AT knows, or ``None``
        """
        try:
            if self.state == "pending":
                self._communicate()
                return
            if self.state == "closing":
                self._close()
                return
            self._lock()
        except UserError:
            return  # somebody is at it; there is another night
        if self.state == "registered":
            self._compare_registered(info)
        self._commit()

    def _compare_registered(self, info):
        if info and info.estado in (Estado.FINALISED, Estado.ANNULLED):
            self._record_closed(info.estado, info)
            self._tell(
                self.env._(
                    "AT knows the series %s as finalised or annulled, which was not "
                    "done here. Nothing is issued in it any more.",
                    self.display_name,
                )
            )
            return
        code = info and info.cod_validacao_serie
        trouble = None
        if not info:
            trouble = "unknown_code"
        elif code != self.validation_code:
            trouble = "other_code"
        if trouble and self.result_code != trouble:
            self._tell(
                self.env._(
                    "AT does not know the series %(series)s with the code %(code)s. "
                    "Look at it on AT's portal.",
                    series=self.display_name,
                    code=self.validation_code,
                )
            )
        if trouble or self.result_code in ("unknown_code", "other_code"):
            self.write({"result_code": trouble, "result_message": False})

    def _tell(self, text):
        """Give whoever made the series something to do."""
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("AT series"),
            note=text,
            user_id=self._responsible().id,
        )

    def _responsible(self):
        """Return who made the series, or an administrator in his place."""
        maker = self.create_uid
        if not maker.active or not maker._is_internal() or maker._is_superuser():
            return self.company_id._l10n_pt_atcud_administrator()
        return maker
