"""Debian's package ``odoo-19``, unpacked in a private folder and completed.

apt downloads it from the Debian archive that this machine uses, with its check of
signatures; apt's lists and settings are not changed. Files that the package takes from
other packages, or lacks, are added.
"""

import compileall
import hashlib
import shutil

from .console import Problem
from .paths import build_once
from .processes import output
from .system import KEYRING

SUITE = "sid"  # the only one that has odoo-19
# jQuery and two fonts: the package only links to them.
BESIDE = ("libjs-jquery", "fonts-roboto-unhinted", "fonts-montserrat")
LANGUAGES = ("pt", "fi", "sv", "nb", "nl", "hu")  # those of the addons' users
VERSION = "1"  # raise it when this preparation changes
SITE = "usr/lib/python3/dist-packages"
# Without it every page of the web client logs an error, and no tour passes.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"
COMPILED = ("_monkeypatches api cli fields models modules orm service tests tools "
            "addons/base addons/web addons/mail addons/account").split()  # fmt: skip


def provide(cache, file, ways):
    """Unpack Odoo unless that is done; return the folder that holds ``odoo``.

    :param file: a package file, or None to let apt download it
    :param ways: message for the user about the other ways
    """
    if file:
        output(["dpkg-deb", "--info", file], f"ODOO_DEB={file} is damaged. {ways}")
    key = hashlib.sha256(repr((_mark(file), SUITE, LANGUAGES, VERSION)).encode())

    def build(folder):
        downloads = folder / "downloads"
        _download(downloads, file, ways)
        for package in sorted(downloads.glob("*.deb")):
            output(["dpkg-deb", "-x", package, folder], f"{package.name} is damaged")
        shutil.rmtree(downloads)
        site = folder / SITE
        _prune(site)
        left_out = site / LEFT_OUT
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.write_text("/* not in the Debian package */\n", encoding="utf-8")
        for part in COMPILED:
            compileall.compile_dir(site / "odoo" / part, quiet=2, workers=0)

    label = f"Odoo 19.0 from {file or 'Debian'}"
    return build_once(cache / f"odoo-{key.hexdigest()[:12]}", label, build) / SITE


def link_font(site, python):
    """Put Font Awesome, which the package only links to, where the link points.

    :param python: of the virtual environment, one of whose packages is the font
    """
    link = site.parents[2] / "share" / "fonts-font-awesome"
    if site.parts[-4:] != tuple(SITE.split("/")) or link.exists():
        return
    link.unlink(missing_ok=True)
    packages = output([python, "-c", PACKAGES], "Python does not run").strip()
    link.symlink_to(f"{packages}/xstatic/pkg/font_awesome/data")


def _mark(file):
    if file is None:
        return None
    known = file.stat()
    return str(file), known.st_size, known.st_mtime_ns


def _download(downloads, file, ways):
    """Fill the folder with package files."""
    wanted = BESIDE if file else (*BESIDE, "odoo-19")
    for folder in ("lists/partial", "archives/partial"):
        (downloads / folder).mkdir(parents=True)
    if file:
        shutil.copy(file, downloads / "odoo-19.deb")
    sources = downloads / "sources.list"
    mirror = _mirror(ways)
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n")
    apt = [
        "apt-get",
        "-qq",
        *("-o", f"Dir::State::Lists={downloads}/lists"),
        *("-o", f"Dir::Cache={downloads}"),
        *("-o", f"Dir::Etc::sourcelist={sources}"),
        *("-o", "Dir::Etc::sourceparts=/dev/null"),
        *("-o", "Dir::Etc::preferences=/dev/null"),
        *("-o", "Dir::Etc::preferencesparts=/dev/null"),
        *("-o", "APT::Sandbox::User="),
        *("-o", "Debug::NoLocking=1"),
        *("-o", "Acquire::Languages=none"),
        *("-o", "APT::Update::Error-Mode=any"),
    ]
    failed = f"Debian's archive did not deliver {', '.join(wanted)}. {ways}"
    output([*apt, "update"], failed)
    output([*apt, "download", *wanted], failed, cwd=downloads)


def _mirror(ways):
    """Return the address of the Debian archive that this machine's apt uses."""
    form = ["--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"]
    listed = output(
        ["apt-get", "indextargets", "--no-release-info", *form],
        f"apt knows no Debian archive. {ways}",
    )
    for line in listed.splitlines():
        address, release = line.rsplit(" ", 1)
        if not release.endswith(("-security", "-updates", "-backports")):
            return address
    raise Problem(f"apt has no Debian archive set up. {ways}")


def _prune(site):
    """Remove files that are never used here: 0.8 of 1.2 GB."""
    for stray in ("addons", "setup", "doc"):  # addons/ holds every .py a second time
        shutil.rmtree(site / stray, ignore_errors=True)
    kept = {f"{language}.po" for language in LANGUAGES}
    for folder in ("i18n", "i18n_extra"):
        for path in site.glob(f"odoo/addons/*/{folder}/*.po*"):
            if path.name not in kept:
                path.unlink()
