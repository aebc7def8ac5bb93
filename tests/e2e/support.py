"""What the end-to-end tests share: the program, folders of their own, JSON checked by schema."""

import json
import os
import pathlib
import shutil
import site
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("HOMEROOM_PROGRAM", str(ROOT / "build" / "dev" / "homeroom"))
SHARED = ROOT.parent / "shared"
OUTCOMES = ["loaded", "unchanged", "duplicate", "quarantined", "pending", "skipped"]


def use_test_packages():
    """Makes the packages of deps/python.txt importable, where tools/deps has installed them."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site.addsitedir(str(ROOT / ".venv" / "lib" / version / "site-packages"))


def homeroom(*arguments, timeout=300, **options):
    """Runs the program; returns the finished process with text output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")}
    environment.update(options.pop("env", {}))
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        stdin=subprocess.DEVNULL,
        **options,
    )


class FolderTest(unittest.TestCase):
    """A test with a folder of its own that the database's user may pass through."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="homeroom-e2e-", dir="/tmp"))
        cls.folder.chmod(0o755)
        cls.data = cls.folder / "data"

    @classmethod
    def tearDownClass(cls):
        if (cls.data / "pg").exists():
            homeroom("db", "stop", "--data", cls.data)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def report(self, finished, *exit_codes):
        """The JSON document of a finished command, checked: schema and sums."""
        self.assertIn(finished.returncode, exit_codes or (0, 3), finished.stderr)
        document = json.loads(finished.stdout)
        schema = json.loads((ROOT / "docs/reference/report.schema.json").read_text())
        for problem in schema_problems(document, schema, schema):
            self.fail(problem)
        for file in document["files"]:
            rows = file["rows"]
            self.assertEqual(rows["read"], sum(rows[o] for o in OUTCOMES), file["path"])
        return document

    def run_json(self, *paths, codes=(0, 3), extra=()):
        return self.report(
            homeroom("run", *paths, "--data", self.data, "--json", *extra), *codes
        )

    def query(self, sql):
        finished = homeroom("sql", sql, "--data", self.data, "--json")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        return json.loads(finished.stdout)["rows"]


def schema_problems(value, schema, root, path="$"):
    """The part of JSON Schema that report.schema.json uses."""
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return schema_problems(value, target, root, path)
    if "oneOf" in schema:
        fits = [s for s in schema["oneOf"] if not schema_problems(value, s, root, path)]
        return [] if len(fits) == 1 else [f"{path}: fits {len(fits)} of oneOf"]
    problems = []
    types = schema.get("type")
    if types:
        types = types if isinstance(types, list) else [types]
        checks = {
            "object": isinstance(value, dict),
            "array": isinstance(value, list),
            "string": isinstance(value, str),
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool),
            "boolean": isinstance(value, bool),
            "null": value is None,
        }
        if not any(checks[name] for name in types):
            return [f"{path}: not of type {types}"]
    if "const" in schema and value != schema["const"]:
        problems.append(f"{path}: not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{path}: {value} is not in {schema['enum']}")
    if "minimum" in schema and value < schema["minimum"]:
        problems.append(f"{path}: below {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        problems.append(f"{path}: above {schema['maximum']}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        problems += [f"{path}: lacks {k}" for k in schema.get("required", []) if k not in value]
        for key, inner in value.items():
            if key in properties:
                problems += schema_problems(inner, properties[key], root, f"{path}.{key}")
            elif schema.get("additionalProperties") is False:
                problems.append(f"{path}: does not know {key}")
    if isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)):
            problems.append(f"{path}: more than {schema['maxItems']} items")
        for i, inner in enumerate(value):
            problems += schema_problems(inner, schema.get("items", {}), root, f"{path}[{i}]")
    return problems
