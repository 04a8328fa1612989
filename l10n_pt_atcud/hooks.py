"""What the installation of the addon does once in a database that exists."""


def post_init_hook(env):
    """Fill the exemption reasons of the taxes of Portuguese charts."""
    env["account.chart.template"]._l10n_pt_atcud_fill_exemption_reasons()
