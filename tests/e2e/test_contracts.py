"""homeroom contract: what is shipped is the standard's, what is shown is what is in force, and what
is exported is read by the tools it is meant for.

With HOMEROOM_TEST_FILES set, each shipped contract also goes through `datacontract lint`
(`tools/deps install long`)."""

import json
import os
import re
import subprocess
import unittest

from support import ROOT, SHARED, FolderTest, homeroom, use_test_packages

use_test_packages()
try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

SCHEMA = SHARED / "schemas/odcs/odcs-json-schema-v3.1.0.json"
CONTRACTS = sorted((ROOT / "contracts").glob("*.odcs.yaml"))
DATACONTRACT = ROOT / ".venv-long/bin/datacontract"
OURS = """apiVersion: v3.1.0
kind: DataContract
id: lincoln.attendance_daily
version: 2.0.0
status: active
schema:
  - name: attendance_daily
    customProperties:
      - {property: homeroom.maxBadPercent, value: 5}
    properties:
      - {name: minutes_absent, logicalTypeOptions: {maximum: 420}}
      - name: comment
        customProperties: [{property: homeroom.removed, value: true}]
      - {name: bus, logicalType: string, physicalType: text}
"""
# A rule of DQDL's grammar: type, columns, condition, where.
VALUE = r'(?:"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?|NULL|EMPTY)'
DQDL_RULE = re.compile(
    rf'[A-Z]\w+(?: "(?:\\.|[^"\\])*")*'
    rf'(?: (?:(?:=|!=|>=|<=|>|<) {VALUE}|in \[{VALUE}(?:, {VALUE})*\]|matches "(?:\\.|[^"\\])*"))?'
    rf'(?: where "(?:\\.|[^"\\])*")?')


def run_ok(*arguments):
    finished = homeroom("contract", *arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


class Standard(FolderTest):
    def problems(self, document):
        schema = json.loads(SCHEMA.read_text())
        validator = jsonschema.Draft201909Validator(schema)
        return [f"{list(e.path)}: {e.message[:200]}" for e in validator.iter_errors(document)]

    def setUp(self):
        if jsonschema is None:
            self.skipTest("jsonschema is not installed (tools/deps install lint)")
        if not SCHEMA.exists():
            self.skipTest("the standard's schema is not beside the repository")

    def test_shipped_contracts_are_the_standards(self):
        self.assertEqual(len(CONTRACTS), 19)
        for path in CONTRACTS:
            self.assertEqual(self.problems(yaml.safe_load(path.read_text())), [], path.name)

    def test_what_is_shown_is_the_standards_and_says_no_less(self):
        for path in CONTRACTS:
            shown = yaml.safe_load(run_ok("show", path.name.split(".")[0]))
            self.assertEqual(self.problems(shown), [], path.name)
            self.assertEqual(shown, yaml.safe_load(path.read_text()), path.name)

    def test_an_overridden_contract_is_the_standards(self):
        self.write("ours/attendance.odcs.yaml", OURS)
        text = run_ok("show", "attendance_daily", "--contracts", self.folder / "ours")
        self.assertEqual(self.problems(yaml.safe_load(text)), [])

    @unittest.skipUnless(os.environ.get("HOMEROOM_TEST_FILES"), "long form only (HOMEROOM_TEST_FILES)")
    def test_datacontract_lint_passes_every_contract(self):
        if not DATACONTRACT.exists():
            self.skipTest("datacontract-cli is not installed (tools/deps install long)")
        for path in CONTRACTS:
            finished = subprocess.run([DATACONTRACT, "lint", path], capture_output=True, text=True, check=False)
            self.assertEqual(finished.returncode, 0, path.name + finished.stdout + finished.stderr)


class Commands(FolderTest):
    def ours(self, text=OURS):
        self.write("ours/attendance.odcs.yaml", text)
        return self.folder / "ours"

    def test_lint_says_everything_and_where(self):
        folder = self.ours(OURS.replace("maximum: 420", "maximun: 420").replace("value: 5", "value: 500"))
        finished = homeroom("contract", "lint", folder, "--json")
        self.assertEqual(finished.returncode, 2)
        document = json.loads(finished.stdout)
        self.assertEqual(document["files"], 1)
        self.assertEqual([p["line"] for p in document["problems"]], [9, 11])
        self.assertEqual(document["problems"][1]["hint"], "Did you mean maximum?")
        self.assertEqual(homeroom("contract", "lint", ROOT / "contracts").returncode, 0)

    def test_origin_names_the_file_of_each_line(self):
        shown = run_ok("show", "attendance_daily", "--contracts", self.ours(), "--origin")
        self.assertRegex(shown, r"maximum: 420  # \S*ours/attendance.odcs.yaml:11")
        self.assertRegex(shown, r"minimum: 0  # attendance_daily.odcs.yaml:\d+")
        self.assertNotIn("name: comment", shown)

    def test_diff_says_what_breaks_readers(self):
        finished = homeroom("contract", "diff", "--contracts", self.ours(), "--json")
        self.assertEqual(finished.returncode, 5, finished.stderr)
        changes = {(c["column"], c["part"]): c for c in json.loads(finished.stdout)["changes"]}
        self.assertEqual(changes["comment", "column"]["breaks"], "readers")
        self.assertEqual(changes["minutes_absent", "maximum"]["after"], "420")
        self.assertEqual(changes["minutes_absent", "maximum"]["breaks"], "senders")
        self.assertEqual(changes["bus", "column"]["breaks"], "nobody")
        self.assertEqual(homeroom("contract", "diff").returncode, 0)
        back = homeroom("contract", "diff", "attendance_daily", "--from", self.ours())
        self.assertIn("bus", back.stdout)
        self.assertEqual(back.returncode, 5)

    def test_docs_are_pages_for_the_sender(self):
        page = run_ok("docs", "attendance_daily", "--contracts", self.ours())
        self.assertTrue(page.startswith("# Daily attendance\n"))
        self.assertIn("from 0 to 420", page)
        html = run_ok("docs", "attendance_daily", "--format", "html")
        self.assertTrue(html.startswith("<!doctype html>"))
        self.assertEqual(html.count("<tr>"), html.count("</tr>"))

    def test_dqdl_follows_the_grammar(self):
        for path in CONTRACTS:
            text = run_ok("export", path.name.split(".")[0], "--format", "dqdl")
            self.assertTrue(text.startswith("Rules = [\n") and text.endswith("\n]\n"), path.name)
            for rule in text[10:-3].split(",\n"):
                self.assertTrue(DQDL_RULE.fullmatch(rule.strip()), f"{path.name}: {rule}")

    def test_unknown_names_get_the_nearest(self):
        for action in ("show", "docs"):
            finished = homeroom("contract", action, "attendance_dayly")
            self.assertEqual(finished.returncode, 2)
            self.assertIn("did you mean attendance_daily?", finished.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
