"""What the places are called whose VAT is told apart (``vat_territories``)."""

from odoo import api, models

from ..guards import internal

# Places outside the VAT of their country that Odoo knows as countries
COUNTRIES = {
    "FR-971": "GP",
    "FR-972": "MQ",
    "FR-973": "GF",
    "FR-974": "RE",
    "FR-975": "PM",
    "FR-976": "YT",
}


@internal
class MaventaPlaceNames(models.AbstractModel):
    _name = "maventa.place.names"
    _description = "Names of Places with VAT of Their Own"

    # === PUBLIC === #

    @api.model
    def _of(self, code):
        """Return what a reader calls a place; its code where nobody knows a name."""
        if name := self._others().get(code):
            return name
        code = COUNTRIES.get(code, code)
        country = self.env["res.country"].search([("code", "=", code)], limit=1)
        return country.name or code

    # === HELPERS === #

    def _others(self):
        return {
            "XI": self.env._("Northern Ireland"),
            "ES-CN": self.env._("the Canary Islands"),
            "ES-CE": self.env._("Ceuta"),
            "ES-ML": self.env._("Melilla"),
            "DE-27498": self.env._("Heligoland"),
            "DE-78266": self.env._("Büsingen"),
            "IT-23041": self.env._("Livigno"),
            "IT-22061": self.env._("Campione d'Italia"),
            "GR-69": self.env._("Mount Athos"),
            "FR-98": self.env._("the French territories overseas"),
        }
