"""The nightly comparison of many series with what AT knows."""

import datetime
import pathlib

from harness.console import say

INSIDE = pathlib.Path(__file__).parent / "inside" / "at_comparing.py"
TITLE = "2,000 series compared with AT's answer: time per series / that with 200"
NUMBERS = (200, 2000)


def measure(bench):
    """Let the nightly job compare few series, then many."""
    per_series = []
    for number in NUMBERS:
        with (
            bench.services() as services,
            bench.database("l10n_pt_atcud") as database,
            bench.odoo(database, INSIDE) as odoo,
        ):
            simulator, settings = services["l10n_pt_atcud"]
            codes = _register(simulator, settings["nif"], number)
            odoo.call("prepare", settings=settings, codes=codes)
            before = odoo.memory
            seconds = odoo.call("compare")
            grown = (odoo.memory - before) / 2**20
        per_series.append(seconds / number)
        say(f"  {number}: {seconds:.2f}s, memory grew by {grown:.0f} MiB")
    say(f"  ratio: {per_series[1] / per_series[0]:.2f}")


def _register(simulator, nif, number):
    """Put series into AT's register at once; return code by identifier."""
    from at_series.clock import lisbon_date, utc_now
    from at_series.simulator.operations import Office

    asked = {
        "tipoSerie": "N",
        "classeDoc": "SI",
        "tipoDoc": "FT",
        "numInicialSeq": "1",
        "dataInicioPrevUtiliz": lisbon_date(utc_now()).isoformat(),
        "meioProcessamento": "PI",
        "numCertSWFatur": "0",
    }
    codes = {}
    now = datetime.datetime.now(datetime.UTC)
    with simulator.store as state:
        office = Office(state, nif, now, 10, has_activity=True)
        for index in range(number):
            name = f"BENCH{index}"
            [made], _code, _text = office.registar_serie({**asked, "serie": name})
            codes[name] = made["codValidacaoSerie"]
    return codes
