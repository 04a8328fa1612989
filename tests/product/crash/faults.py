"""What Odoo and a service hold in different ways after the kills, as text."""

from harness.console import Problem, say

SHOWN = 20


def differences(there, here):
    """Yield each name whose values at the service differ from those in Odoo.

    What is lost, doubled, invented or altered has another list of values.

    :param there: lists of values at the service, by name
    :param here: those in Odoo
    """
    for name in sorted({*there, *here}):
        held, kept = there.get(name, []), here.get(name, [])
        if held != kept:
            yield f"{name}: {held} at the service, {kept} in Odoo"


def by_name(pairs):
    """Return the sorted values of each name."""
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: sorted(values) for name, values in found.items()}


def report(faults):
    """Print the faults that a measure has found.

    :raise Problem: there are any
    """
    for fault in faults[:SHOWN]:
        say(f"  {fault}")
    say(f"  faults: {len(faults)}")
    if faults:
        raise Problem(f"{len(faults)} faults after the kills; see above")
