"""Messages that the tests send."""

from at_series import NewSeries, TipoDoc, lisbon_date


def new_series(serie="A2026", tipo_doc=TipoDoc.FT, **changes):
    values = {"num_inicial_seq": 1, "data_inicio_prev_utiliz": lisbon_date()}
    return NewSeries(serie, tipo_doc, **values | changes)
