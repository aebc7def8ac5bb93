"""Homeroom's verdict beside datacontract-cli's on PostgreSQL, once a contract; the long form only
(HOMEROOM_TEST_FILES set, `tools/deps install long`): it takes seconds a contract.

A made-up clean file is loaded: datacontract must find nothing in the table. Then one value of every
checked column is spoilt, in a copy of the table and in a copy of the file: the columns that
datacontract names in the one must be those that Homeroom names in the other."""

import csv
import json
import os
import pathlib
import random
import subprocess
import unittest
import urllib.parse

import test_frictionless
from support import ROOT, FolderTest, homeroom, use_test_packages

use_test_packages()
try:
    import yaml
except ImportError:
    yaml = None

PYTHON = ROOT / ".venv-long/bin/python"
HELPER = pathlib.Path(__file__).with_name("datacontract_checks.py")


@unittest.skipUnless(os.environ.get("HOMEROOM_TEST_FILES"), "long form only (HOMEROOM_TEST_FILES)")
class Datacontract(FolderTest):
    def setUp(self):
        if yaml is None or not PYTHON.exists():
            self.skipTest("datacontract-cli is not installed (tools/deps install long)")

    def checks_of(self, dataset, schema):
        """What datacontract says of the table in `schema`: (type, column, result)."""
        url = urllib.parse.urlsplit(homeroom("db", "url", "--data", self.data).stdout.strip())
        server = urllib.parse.parse_qs(url.query)
        contract = yaml.safe_load(homeroom("contract", "show", dataset).stdout)
        contract["servers"] = [{"server": "warehouse", "type": "postgres", "host": server["host"][0],
                                "port": int(server.get("port", ["5432"])[0]),
                                "database": url.path.strip("/"), "schema": schema}]
        path = self.write(f"{dataset}.{schema}.odcs.yaml", yaml.safe_dump(contract, sort_keys=False))
        login = {"DATACONTRACT_POSTGRES_USERNAME": server["user"][0], "DATACONTRACT_POSTGRES_PASSWORD": "none"}
        finished = subprocess.run([PYTHON, HELPER, path, "warehouse"], capture_output=True, text=True,
                                  check=False, env={**os.environ, **login})
        self.assertEqual(finished.returncode, 0, finished.stderr[-2000:])
        # One document has no other data sets, so that datacontract judges no relationship, and says so.
        checks = json.loads(finished.stdout.splitlines()[-1])
        return [check for check in checks if check[0] != "field_relationships"]

    def test_agrees_on_the_loaded_table(self):
        told = {"checks": 0, "spoilt": 0}
        self.assertEqual(homeroom("db", "start", "--data", self.data).returncode, 0)
        for dataset in test_frictionless.datasets():
            with self.subTest(dataset):
                self.agree(dataset, told)
        print(f"datacontract: {told['checks']} checks passed on loaded tables, {told['spoilt']} spoilt columns "
              "found by both")

    def agree(self, dataset, told):
        schema = json.loads(homeroom("contract", "export", dataset, "--format", "frictionless").stdout)
        chance = random.Random(dataset)
        rows = test_frictionless.clean_rows(schema, chance)
        names = [field["name"] for field in schema["fields"]]
        path = self.save(f"drop/{dataset}.csv", names, rows)
        file = self.run_json(path, codes=(0,), extra=("--dataset", dataset))["files"][0]
        self.assertEqual(file["rows"]["loaded"], len(rows))
        checks = self.checks_of(dataset, "data")
        bad = [check for check in checks if check[2] not in ("passed", "info")]
        self.assertEqual(bad, [], f"{dataset}: datacontract refuses what was loaded")
        told["checks"] += len(checks)
        self.spoil(dataset, schema, names, rows, told)

    def spoil(self, dataset, schema, names, rows, told):
        """One value of each column that has a bound, a pattern, a length or must be there."""
        chance = random.Random(dataset + " spoilt")
        updates, wanted = [], set()
        filled = test_frictionless.filled_in(dataset)
        for at, field in enumerate(schema["fields"]):
            kinds = [(kind, value) for kind, value in test_frictionless.Values(field, chance).bad()
                     if kind in ("minimum", "maximum", "pattern", "minLength", "maxLength", "required")
                     and not test_frictionless.excuse_of(kind, value, field["name"], filled)]
            if not kinds:
                continue
            value = chance.choice(kinds)[1]
            line = at % len(rows)
            rows[line][at] = value
            quoted = "null" if value == "" else "'" + value.replace("'", "''") + "'"
            updates.append(f'update verdict."{dataset}" set "{field["name"]}" = {quoted} where _line = {line + 2}')
            wanted.add(field["name"])
        self.sql("create schema if not exists verdict", f'drop table if exists verdict."{dataset}"',
                 f'create table verdict."{dataset}" as select * from data."{dataset}"', *updates)
        theirs = {check[1].split(".")[-1] for check in self.checks_of(dataset, "verdict")
                  if check[2] in ("failed", "warning") and check[1]}
        path = self.save(f"spoilt/{dataset}.csv", names, rows)
        finished = homeroom("check", path, "--dataset", dataset, "--json")
        issues = self.report(finished, 0, 3, 4)["files"][0]["issues"]
        ours = {i["column"] for i in issues if i["line"] and i["rule"] in test_frictionless.SHARED}
        self.assertEqual(ours & wanted, wanted)
        self.assertEqual(theirs & wanted, wanted, f"{dataset}: datacontract misses what was spoilt")
        self.assertEqual(theirs - ours, set())
        told["spoilt"] += len(wanted)

    def sql(self, *statements):
        url = homeroom("db", "url", "--data", self.data, "--role", "admin").stdout.strip()
        grant = "grant usage on schema verdict to public; grant select on all tables in schema verdict to public"
        finished = subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url, "-c", "; ".join(statements), "-c", grant],
                                  capture_output=True, text=True, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def save(self, name, names, rows):
        path = self.write(name, "")
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows([names, *rows])
        return path


if __name__ == "__main__":
    unittest.main(verbosity=1)
