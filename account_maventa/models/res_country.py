"""Which countries have post codes."""

from odoo import models

NO_POST_CODE = "--"  # where Maventa or Finvoice wants one of two characters at least


class ResCountry(models.Model):
    _inherit = "res.country"

    def _maventa_needs_post_code(self):
        """Return whether an address has a post code: also where the country is empty.

        Odoo knows countries without post codes (Hong Kong) and with optional ones.
        """
        return not self or self.zip_required

    def _maventa_post_code(self, text):
        """Return what an address says as post code where one is mandatory."""
        return text or ("" if self._maventa_needs_post_code() else NO_POST_CODE)
