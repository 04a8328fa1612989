"""What Maventa itself says of a received document: its checks, and missing files."""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..guards import internal
from ..models.point_kinds import Label, PointKind, Question, declare, point

_lt = LazyTranslate(__name__)

declare(
    Question(
        "detect",
        Label.SERVICE_CHECKS,
        _lt("Maventa warns (%(check)s): %(text)s"),
        is_urgent=True,
        about=("check", "text"),
    ),
    PointKind(
        "detect_pending",
        Label.SERVICE_CHECKS,
        _lt("Maventa's check %(check)s is not complete."),
    ),
    PointKind(
        "missing_files",
        Label.CONTENT,
        _lt(
            "Maventa did not hand over these attachments: %(name)s. Read again to "
            "ask for them."
        ),
    ),
)


@internal
class MaventaServiceWarnings(models.AbstractModel):
    _name = "maventa.service.warnings"
    _description = "Maventa's Warnings on Received Documents"

    # === PUBLIC === #

    @api.model
    def _points(self, receipt):
        """Yield Maventa's warnings, and what it has not checked or handed over."""
        rows = receipt.detects if isinstance(receipt.detects, list) else []
        for row in rows:
            if row.get("is_warning"):
                yield point("detect", check=row["check"], text=row["text"])
            elif row.get("is_pending"):
                yield point("detect_pending", "note", check=row["check"])
        if receipt.missing_files:
            yield point("missing_files", "note", name=receipt.missing_files)
