"""Speak to AT's real test host, by hand, with
``PYTHONPATH=tests/tools:tests/product python -m live.at``.

No test run collects this. It needs a sub-user of one's own with the operation WSE (the
test host checks passwords as the real one does) and AT's test certificate:

    AT_TEST_USERNAME      NIF/number
    AT_TEST_PASSWORD      of the sub-user
    AT_TEST_CERTIFICATE   file: client certificate, PEM
    AT_TEST_KEY           file: its private key, PEM
    AT_TEST_KEY_PASSWORD  of the key, when it is encrypted
    AT_TEST_CIPHER        file: AT's public key (Chave Cifra Publica AT), PEM
    AT_TEST_ORIGIN        only ever the test host, which is what it is without it

It consults, registers one training series, finds it again, and annuls it. Nothing is
tried twice: wrong passwords suspend users.
"""

import datetime
import os
import pathlib
import sys

from harness import protocol_packages

protocol_packages.expose()

from at_series import (  # noqa: E402  the package has no name before
    TEST_ORIGIN,
    Annulment,
    Credentials,
    Estado,
    NewSeries,
    Query,
    SeriesClient,
    SeriesError,
    TipoDoc,
    TipoSerie,
    client_context,
    lisbon_date,
    open_session,
)

NEEDED = ("USERNAME", "PASSWORD", "CERTIFICATE", "KEY", "CIPHER")


class Refused(Exception):
    """Nothing was sent; the text says why."""


def open_client(environ):
    """Return a client of AT's test host.

    :param environ: mapping with the variables that the module's text names
    :raise Refused: another host is named, or something is missing
    :raise SeriesError: certificate or key cannot be used
    """
    values = {
        name.removeprefix("AT_TEST_"): value
        for name, value in environ.items()
        if name.startswith("AT_TEST_") and value
    }
    origin = values.get("ORIGIN", TEST_ORIGIN)
    if origin != TEST_ORIGIN:
        raise Refused(f"{origin} is not AT's test host, {TEST_ORIGIN}")
    missing = [f"AT_TEST_{name}" for name in NEEDED if name not in values]
    if missing:
        raise Refused(f"not set: {', '.join(missing)}")
    certificate, key, cipher = (
        pathlib.Path(values[name]).read_bytes()
        for name in ("CERTIFICATE", "KEY", "CIPHER")
    )
    context = client_context(certificate, key, password=values.get("KEY_PASSWORD"))
    session = open_session(TEST_ORIGIN, ssl_context=context)
    credentials = Credentials(values["USERNAME"], values["PASSWORD"], cipher)
    return SeriesClient(session, TEST_ORIGIN, credentials)


def check(client, say=print):
    """Play the life of one training series; return whether AT saw it as we did.

    :raise SeriesError: at the first step that AT does not allow
    """
    moment = datetime.datetime.now(datetime.UTC)
    new = NewSeries(
        f"TESTE-{moment:%Y%m%d-%H%M%S}",
        TipoDoc.FT,
        num_inicial_seq=1,
        data_inicio_prev_utiliz=lisbon_date(),
        tipo_serie=TipoSerie.TRAINING,
    )
    active = client.consultar_series(Query(estado=Estado.ACTIVE))
    say(f"consulted: {len(active)} active series")
    registered = client.registar_serie(new)
    say(f"registered: {registered.serie}, code {registered.cod_validacao_serie}")
    found = client.find(new)
    differences = found.differences(new, client.credentials.nif) if found else None
    say(f"found again: {'as asked for' if differences == {} else differences}")
    client.anular_serie(
        Annulment(new.serie, new.tipo_doc, registered.cod_validacao_serie, True)
    )
    last = client.find(new)
    say(f"annulled: {last and last.estado}")
    return differences == {} and bool(last) and last.estado == Estado.ANNULLED


def main(environ=os.environ):
    """Return the exit status: 0 only when everything was as it should be."""
    try:
        with open_client(environ) as client:
            return 0 if check(client) else 1
    except (OSError, Refused) as error:
        print(f"nothing was sent: {error}", file=sys.stderr)
    except SeriesError as error:
        words = f"{type(error).__name__} {error.code}: {error}"
        print(f"AT did not go along: {words}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
