"""Each addon can be built as a wheel, which has all that an integrator needs."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions

import pytest
from import_alone import import_alone
from repository_layout import ADDONS, FILES, PACKAGES, ROOT, files_of, manifest

# It is needed to build the addon, not in an installed one.
LEFT_OUT = {"pyproject.toml"}
PIP = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
COMMITTER = "-c user.name=a -c user.email=a@b.test -c commit.gpgsign=no".split()
METADATA = (
    "import sys; from whool.buildapi import prepare_metadata_for_build_wheel as f; "
    "print(f(sys.argv[1]))"
)

each_addon = pytest.mark.parametrize("addon", ADDONS)


def copy_addons(folder):
    """Copy the files of the addons, and only those of the repository, to ``folder``."""
    for name in FILES:
        if name.partition("/")[0] in ADDONS:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def run(command, **options):
    """Run ``command`` without the variables of a calling git; return its output."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(
        [str(part) for part in command],
        env=kept | options.pop("env", {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheels from a tree without git, and return where they are installed."""
    folder = tmp_path_factory.mktemp("wheels")
    source, wheels, target = (folder / x for x in ("source", "wheels", "installed"))
    copy_addons(source)
    offline = ["--no-index", "--no-deps"]
    build = ["wheel", *offline, "--no-build-isolation", "--wheel-dir", wheels]
    # The folder for temporary files may itself lie in a repository.
    alone = {"GIT_CEILING_DIRECTORIES": str(source)}
    run([*PIP, *build, *(source / addon for addon in ADDONS)], env=alone)
    run([*PIP, "install", *offline, "--target", target, *sorted(wheels.glob("*.whl"))])
    return target


@each_addon
def test_wheel_has_its_metadata(installed, addon):
    metadata = metadata_of(installed, addon)
    assert metadata["Version"] == manifest(addon)["version"]
    assert metadata["License"] == "LGPL-3"
    assert metadata["Summary"] == manifest(addon)["summary"]
    assert metadata.get_payload().startswith("# ")


@each_addon
def test_wheel_carries_the_text_of_its_licence(installed, addon):
    """The LGPL refers to the GPL; both texts go with every copy."""
    folder = installed / "odoo" / "addons" / addon
    texts = {"COPYING": "GENERAL PUBLIC", "COPYING.LESSER": "LESSER GENERAL PUBLIC"}
    for name, title in texts.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert f"GNU {title} LICENSE" in text[:200]
        assert "Version 3, 29 June 2007" in text[:200]
        assert len(text) > 7000


@each_addon
def test_wheel_requires_odoo_and_the_declared_packages(installed, addon):
    """Odoo's own addons come with Odoo; pip cannot install them."""
    python = manifest(addon)["external_dependencies"]["python"]
    requires = metadata_of(installed, addon).get_all("Requires-Dist")
    assert sorted(requires) == sorted(["odoo==19.0.*", *python])


@each_addon
def test_wheel_has_the_whole_addon(installed, addon):
    """The tests are included, so that an integrator can run them."""
    folder = installed / "odoo" / "addons" / addon
    there = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"__manifest__.py", f"i18n/{addon}.pot", "tests/__init__.py"} <= there
    assert there == set(files_of(addon)) - LEFT_OUT


def test_wheels_leave_the_namespace_to_odoo(installed):
    assert sorted(x.name for x in (installed / "odoo" / "addons").iterdir()) == ADDONS
    assert [x.name for x in (installed / "odoo").iterdir()] == ["addons"]


@each_addon
def test_installed_package_can_be_imported_without_odoo(installed, addon):
    package = PACKAGES[addon].name
    done = import_alone(installed / "odoo" / "addons" / addon / package)
    assert done.returncode == 0, done.stderr
    assert f"{package}.client" in done.stdout.split()


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_commits_do_not_change_the_version(tmp_path):
    copy_addons(tmp_path)
    run(["git", "init", "-q"], cwd=tmp_path)
    for state in ("first", "second"):
        for addon in ADDONS:
            (tmp_path / addon / "README.md").write_text(f"# The {state}\n")
        run(["git", "add", "--all"], cwd=tmp_path)
        run(["git", *COMMITTER, "commit", "-q", "-m", state], cwd=tmp_path)
    for addon in ADDONS:
        code = [sys.executable, "-c", METADATA, tmp_path]
        name = run(code, cwd=tmp_path / addon).strip()
        assert name == f"odoo_addon_{addon}-{manifest(addon)['version']}.dist-info"


def metadata_of(installed, addon):
    """Return the metadata of the addon's installed distribution."""
    found = {x.metadata["Name"]: x.metadata for x in distributions(path=[installed])}
    return found[f"odoo-addon-{addon}"]
