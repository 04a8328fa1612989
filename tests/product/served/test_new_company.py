"""A company of a further country is made where the three addons are installed."""

import pathlib

from harness.addons import ADDONS

INSIDE = pathlib.Path(__file__).parent / "inside" / "new_company.py"


def test_new_company_gets_the_modules_of_its_country(fixtures):
    with (
        fixtures.database(*ADDONS) as database,
        fixtures.odoo(database, INSIDE) as user,
    ):
        # account_peppol, which comes along, needs a Python package for the number.
        chart, phone, state = user.call("make", code="BE", phone="+32470123456")
    assert (chart, phone, state) == ("be_comp", "+32470123456", "installed")
