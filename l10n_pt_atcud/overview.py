"""The overview of all connections and accounts, over all companies of a user.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal. Where several of the addons are installed, the
overview of each has the rows of all.
"""


def overview_rows(env):
    """Return the values of each row that the user of ``env`` may see.

    Each addon has one model with a method ``_fiscal_bridge_overview()``. It runs in all
    companies of the user, with the rights of the user, and returns a list of values.
    """
    companies = env.user.company_ids
    env = env(context={**env.context, "allowed_company_ids": companies.ids})
    models = [env[name] for name in sorted(env.registry)]
    sources = [x for x in models if hasattr(x, "_fiscal_bridge_overview")]
    return [row for source in sources for row in source._fiscal_bridge_overview()]


def next_run(job, *not_before):
    """Return when a scheduled job acts next on a record, or ``False``.

    :param not_before: dates and times before which it leaves the record alone
    """
    job = job.sudo()
    return job.active and max([job.nextcall, *filter(None, not_before)])
