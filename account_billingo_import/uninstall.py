"""What Odoo does not remove by itself with the addon."""


def uninstall_hook(env):
    """Remove the system parameters, one of which may be an address."""
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", "account_billingo_import.%")]).unlink()
