"""The addons of this repository, and what belongs to each."""

from dataclasses import dataclass

from .paths import ROOT


@dataclass(frozen=True)
class Addon:
    """An addon; ``package`` is its protocol package, ``sandbox`` its simulator's.

    ``languages`` are those of its users. ``accountant`` is the login, and the
    password, of the demo's user in ``company``. A suite that takes much longer than
    the others ``is_halved``: two jobs run it.
    """

    name: str
    package: str
    sandbox: str
    service: str
    languages: tuple[str, ...]
    accountant: str
    company: str
    is_halved: bool = False

    @property
    def plain_tests(self):
        """The folder with the tests of the protocol package."""
        return f"tests/product/{self.package}"

    @property
    def crash_tests(self):
        """The tests that kill workers of this addon, as paths."""
        found = (ROOT / "tests/product/crash").glob(f"test_{self.sandbox}_*killed.py")
        return [str(path.relative_to(ROOT)) for path in sorted(found)]


ADDONS = {
    addon.name: addon
    for addon in (
        Addon(
            name="account_billingo_import",
            package="billingo_api",
            sandbox="billingo",
            service="Billingo",
            languages=("hu",),
            accountant="accountant.hu",
            company="Folyami Kft., Budapest",
        ),
        Addon(
            name="account_maventa",
            package="maventa_api",
            sandbox="maventa",
            service="Maventa",
            languages=("fi", "nb", "nl", "sv"),
            accountant="accountant.fi",
            company="Lumi Oy, Helsinki",
            is_halved=True,
        ),
        Addon(
            name="l10n_pt_atcud",
            package="at_series",
            sandbox="at",
            service="AT, series (SOAP over TLS; a client certificate is demanded)",
            languages=("pt",),
            accountant="accountant.pt",
            company="Azulejo Lda, Porto",
            is_halved=True,
        ),
    )
}
