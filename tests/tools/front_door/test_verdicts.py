"""A run passes only when tests ran, all of them, without unexpected messages."""

import pytest
from harness import odoo_log, selection, suites
from harness.addons import ADDONS

STAMP = "2026-01-02 03:04:05,678 42"
RAN = f"{STAMP} INFO db odoo.tests.result: 0 failed, 0 error(s) of 12 tests when\n"
FAILED = (
    f"{STAMP} INFO db odoo.addons.x.tests.test_y: ==============\n"
    f"{STAMP} ERROR db odoo.addons.x.tests.test_y: FAIL: TestY.test_z\n"
    "Traceback (most recent call last):\n"
    "AssertionError: 1 != 2\n"
    f"{STAMP} INFO db odoo.tests.result: 1 failed, 0 error(s) of 12 tests when\n"
)


def test_passed_tests_are_counted():
    assert odoo_log.read(RAN) == odoo_log.Verdict(12, ())


def test_failure_has_its_traceback():
    verdict = odoo_log.read(FAILED)
    assert verdict.passed == 11
    [failure] = verdict.failures
    assert failure.startswith("FAIL: TestY.test_z") and "1 != 2" in failure


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("WARNING db odoo.modules.loading: something is deprecated", "deprecated"),
        ("ERROR db odoo.sql_db: bad query", "bad query"),
        ("CRITICAL db odoo.service: all is lost", "all is lost"),
        ("INFO db odoo.addons.x.tests.test_y: skipped TestY.test_z : why", "test_z"),
    ],
)
def test_unexpected_message_is_a_failure(line, word):
    verdict = odoo_log.read(f"{STAMP} {line}\n{RAN}")
    assert verdict.passed == 12
    assert len(verdict.failures) == 1 and word in verdict.failures[0]


@pytest.mark.parametrize("text", ["", RAN.replace("12", "0"), "Killed\n"])
def test_run_without_tests_fails(text):
    verdict = odoo_log.read(text)
    assert (verdict.passed, verdict.failures) == (0, ("no test was run",))
    assert verdict.finished == ("tests.result" in text)


def junit(tmp_path, cases):
    path = tmp_path / "junit.xml"
    path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return path


def test_pytest_report_is_read(tmp_path):
    good = '<testcase classname="a" name="b"/>'
    assert suites.read_junit(junit(tmp_path, good * 3)) == (3, ())
    for tag in ("failure", "error", "skipped"):
        bad = f'<testcase classname="a" name="c"><{tag} message="m">text</{tag}>'
        passed, failures = suites.read_junit(junit(tmp_path, f"{good}{bad}</testcase>"))
        assert passed == 1
        assert failures == (f"a.c: {tag}\ntext",)


def test_pytest_without_tests_fails(tmp_path):
    assert suites.read_junit(junit(tmp_path, ""))[1] == ("no test was run",)
    assert suites.read_junit(junit(tmp_path, ""), may_be_empty=True) == (0, ())
    assert len(suites.read_junit(tmp_path / "missing.xml")[1]) == 1


def test_closing_line_is_read():
    assert suites.read_closing_line(0, "...\n5 passed, 0 failed\n") == (5, ())
    passed, failures = suites.read_closing_line(1, "x\n3 passed, 2 failed\n")
    assert (passed, len(failures)) == (3, 2)
    assert suites.read_closing_line(1, "5 passed, 0 failed\n")[0] == 0
    assert suites.read_closing_line(0, "no such line")[0] == 0


@pytest.mark.parametrize(
    ("failures", "status", "last"),
    [((), 0, "3 passed, 0 failed"), (("text",), 1, "3 passed, 1 failed")],
)
def test_sum_is_the_last_line(capsys, tmp_path, failures, status, last):
    result = suites.Result("job", 3, failures, 0.1, tmp_path)
    assert suites.report([result]) == status
    output = capsys.readouterr().out
    assert output.splitlines()[-1] == last
    assert (str(tmp_path) in output) == bool(failures)


def test_run_without_results_fails(capsys, tmp_path):
    assert suites.report([suites.Result("job", 0, (), 0.1, tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize("addon", ADDONS)
def test_pattern_selects_single_tests(addon):
    name, method = next(selection.tests(addon))
    assert f"/{addon}:{name}.{method}" in selection.tags(addon, name.upper()).split(",")
    assert selection.tags(addon, f"{name}.{method}") == f"/{addon}:{name}.{method}"
    assert selection.tags(addon, "no such test") == ""
    assert selection.tags(addon, "") == f"/{addon}"


@pytest.mark.parametrize("addon", ADDONS)
def test_halves_of_a_suite_are_all_of_it(addon):
    (_one, tags, some), (_two, others, rest) = selection.halves(addon)
    assert others == f"/{addon}," + ",".join(f"-{tag}" for tag in tags.split(","))
    assert some + rest == len(list(selection.tests(addon)))
    assert min(some, rest) > 100


@pytest.mark.parametrize("addon", ADDONS)
def test_quick_selection_has_one_test_per_class_without_browser(addon):
    chosen = list(selection.quick(addon))
    classes = [tag.partition(":")[2].partition(".")[0] for tag in chosen]
    assert len(chosen) > 10 and len(set(classes)) == len(classes)
    browser = {x.name for x, browser in selection._classes(addon) if browser}
    assert browser and not browser & set(classes)
