"""A document block of a Billingo account, from which users choose."""

from odoo import api, fields, models

from ..guards import guarded


@guarded(
    *"connection_id company_id billingo_id name prefix".split(),
)
class BillingoBlock(models.Model):
    _name = "billingo.block"
    _description = "Billingo document block"
    _order = "name, id"

    connection_id = fields.Many2one(
        "billingo.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    billingo_id = fields.Char("ID at Billingo", required=True)
    name = fields.Char(required=True)
    prefix = fields.Char()

    # === CONSTRAINTS === #

    _billingo_id_uniq = models.Constraint(
        "unique(connection_id, billingo_id)",
        "A Billingo block is listed once per connection.",
    )

    # === COMPUTES === #

    @api.depends("name", "prefix")
    def _compute_display_name(self):
        for block in self:
            prefix = f" ({block.prefix})" if block.prefix else ""
            block.display_name = f"{block.name}{prefix}"

    # === HELPERS === #

    @api.model
    def _update_list(self, connection, blocks):
        """Store the account's list; a chosen block stays also when Billingo drops it.

        :param blocks: ``DocumentBlock`` values
        """
        known = {
            block.billingo_id: block
            for block in self.search([("connection_id", "=", connection.id)])
        }
        for block in blocks:
            values = {"name": block.name or block.id, "prefix": block.prefix}
            if block.id in known:
                known[block.id].write(values)
            elif block.id:
                self.create(
                    {
                        "connection_id": connection.id,
                        "billingo_id": block.id,
                        **values,
                    }
                )
