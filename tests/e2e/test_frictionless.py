"""Homeroom's verdict beside frictionless-py's on made-up files, contract by contract: each file is
clean but for a few cells that are changed by chance (seeded). Both are given the same rules, since
frictionless reads the schema that `homeroom contract export --format frictionless` writes.

On the kinds of rule that both have (type, required, list, minimum and maximum, pattern, length, key)
they must agree cell by cell; what else differs is of a kind listed in EXPLAINED.

HOMEROOM_TEST_FILES says how many files of each contract are tried; 200 is the long form."""

import csv
import datetime
import json
import os
import random
import re
import unittest

from support import FolderTest, homeroom, use_test_packages

use_test_packages()
try:
    import frictionless
except ImportError:
    frictionless = None

NUM_FILES = int(os.environ.get("HOMEROOM_TEST_FILES", "0")) or 5
NUM_ROWS = 12
# What both judge, by our name of it. Any other rule of ours is one that frictionless does not have.
SHARED = {
    "type", "integer", "decimal", "percent", "date_to_iso", "boolean_token", "time_to_iso",
    "timestamp", "school_year", "code_lookup", "grade_level", "mark", "identifier", "required",
    "range", "pattern", "length", "unique_key",
}
# Differences that are meant, each counted and told of.
EXPLAINED = {
    "both_of_a_pair": "two rows of one key that differ: frictionless names the later, we set both aside",
    "first_bad_cell": "a key that repeats a row which is set aside anyway",
    "no_date": "a day that programs write for none, 1900-01-01: no value to us, too early to frictionless",
    "filled_in": "a value that must be there and is taken from other columns (homeroom.defaultFrom and the like)",
}
# Texts that Homeroom judges by what they are; to frictionless any text will do.
WRITTEN = {"email": "ana.diaz@example.org", "phone": "617-555-0100", "postal": "02139", "zip": "02139"}
KEY_RULES = {"unique_key"}


class Values:
    """Values that a field may hold, and values that break one of its rules."""

    def __init__(self, field, chance):
        self.field, self.chance = field, chance
        self.type = field["type"]
        self.limits = field.get("constraints", {})

    def text(self):
        size = self.chance.randint(3, 9)
        low = self.limits.get("minLength", 0)
        high = self.limits.get("maxLength", 40)
        size = max(low, min(high, size))
        return "".join(self.chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=size))

    def matching(self):
        """A text of the pattern, made by trying: patterns of contracts are short."""
        pattern = re.compile(self.limits["pattern"])
        tries = ["a.b@example.org", "MA", "02139", "02139-1234", "617-555-0100", "6175550100", "A1", "1",
                 "12", "123456789", "ABC", "A", "0123456"]
        fits = [t for t in tries if pattern.fullmatch(t)]
        return self.chance.choice(fits) if fits else ""

    def good(self):
        chance, limits = self.chance, self.limits
        if "enum" in limits:
            return chance.choice(limits["enum"])
        if "pattern" in limits:
            return self.matching()
        if self.type == "string":
            return next((value for word, value in WRITTEN.items() if word in self.field["name"]), self.text())
        if self.type == "boolean":
            return chance.choice(["true", "false"])
        if self.type == "time":
            return f"{chance.randint(7, 16):02}:{chance.randint(0, 59):02}:00"
        if self.type in ("date", "datetime"):
            # What ends, ends after what begins.
            is_end = any(word in self.field["name"] for word in ("end", "exit", "leave", "until"))
            day = datetime.date(2025, 9, 1) + datetime.timedelta(chance.randint(0, 90) + 120 * is_end)
            return str(day) + (" 08:30:00" if self.type == "datetime" else "")
        low, high = limits.get("minimum", 0), limits.get("maximum", 900)
        if self.field["name"].endswith("school_year"):
            return "2026"
        if self.type == "integer":
            return str(chance.randint(int(low), int(high)))
        return f"{low + (high - low) * chance.randint(0, 100) / 100:g}"

    def bad(self):
        """(kind, value) pairs that break one rule, and (None, value) that stand on its edge."""
        limits, kinds = self.limits, []
        if limits.get("required"):
            kinds.append(("required", ""))
        if "enum" in limits:
            kinds += [("enum", "zzqqx"), ("enum", "8-8-8")]
        elif self.type in ("integer", "number"):
            kinds += [("type", "12x"), ("type", "1.2.3"), ("type", "twelve")]
            if self.type == "integer":
                kinds.append(("type", "3.25"))
        elif self.type == "date":
            kinds += [("type", "2025-02-30"), ("type", "2025-13-01"), ("type", "some day")]
        elif self.type == "datetime":
            kinds += [("type", "2025-02-30 08:00:00"), ("type", "soon")]
        elif self.type == "time":
            kinds += [("type", "25:10:00"), ("type", "late")]
        elif self.type == "boolean":
            kinds += [("type", "perhaps"), ("type", "7")]
        if self.type in ("integer", "number"):
            for name, step in (("minimum", -1), ("maximum", 1)):
                if name in limits:
                    kinds += [(name, f"{limits[name] + step:g}"), (None, f"{limits[name]:g}")]
        if self.type == "date":
            for name, days in (("minimum", -1), ("maximum", 1)):
                if name in limits:
                    day = datetime.date.fromisoformat(limits[name])
                    kinds += [(name, str(day + datetime.timedelta(days))), (None, str(day))]
        if "pattern" in limits:
            kinds.append(("pattern", self.matching() + "!?"))
        elif "enum" not in limits and self.type == "string":
            if "minLength" in limits and limits["minLength"] > 1:
                kinds += [("minLength", "A" * (limits["minLength"] - 1)), (None, "A" * limits["minLength"])]
            if "maxLength" in limits:
                kinds += [("maxLength", "é" * (limits["maxLength"] + 1)), (None, "é" * limits["maxLength"])]
        return kinds


def clean_rows(schema, chance):
    """Rows that break nothing; a field that need not be there is empty now and then."""
    key = set(schema.get("primaryKey", []))
    fields = [Values(field, chance) for field in schema["fields"]]
    rows, seen = [], set()
    while len(rows) < NUM_ROWS:
        row = []
        for values in fields:
            optional = not values.limits.get("required") and values.field["name"] not in key
            row.append("" if optional and chance.random() < 0.1 else values.good())
        identity = tuple(v for v, f in zip(row, schema["fields"]) if f["name"] in key)
        if identity not in seen:
            seen.add(identity)
            rows.append(row)
    return rows


def excuse_of(kind, value, column, filled):
    """The explained difference that a changed value makes; None when both must find it."""
    if kind == "required" and column in filled:
        return "filled_in"
    return "no_date" if kind == "minimum" and value == "1900-01-01" else None


def mutate(schema, rows, chance, filled):
    """Changes a few cells, or repeats a row; says in words what it did, and which cells are excused."""
    names = [field["name"] for field in schema["fields"]]
    key = set(schema.get("primaryKey", []))
    done, excused = [], {}
    for _ in range(chance.randint(0, 3)):
        if key and chance.random() < 0.2:
            source = chance.randrange(len(rows))
            copy = list(rows[source])
            rows.append(copy)
            excused |= {(len(rows) + 1, column): why for (line, column), why in excused.items() if line == source + 2}
            others = [i for i, name in enumerate(names) if name not in key]
            if others and chance.random() < 0.5:
                at = chance.choice(others)
                copy[at] = Values(schema["fields"][at], chance).good() or copy[at]
                excused.pop((len(rows) + 1, names[at]), None)
            done.append(f"row {source + 2} again as row {len(rows) + 1}")
            continue
        at = chance.randrange(len(names))
        kinds = Values(schema["fields"][at], chance).bad()
        if not kinds:
            continue
        kind, value = chance.choice(kinds)
        line = chance.randrange(len(rows))
        rows[line][at] = value
        excused.pop((line + 2, names[at]), None)
        if why := excuse_of(kind, value, names[at], filled):
            excused[line + 2, names[at]] = why
        done.append(f"line {line + 2}, {names[at]}: {kind or 'edge'}")
    return done, excused


def frictionless_verdict(path, schema):
    """{(line, field)} of cells, and {line} of rows whose key repeats."""
    with frictionless.system.use_context(trusted=True):
        resource = frictionless.Resource(
            path=str(path), schema=frictionless.Schema.from_descriptor(schema), format="csv", encoding="utf-8")
        report = resource.validate(limit_errors=10_000)
    cells, keys = set(), set()
    for task in report.tasks:
        for error in task.errors:
            if error.type in ("primary-key", "unique-error"):
                keys.add(error.row_number)
            elif error.type in ("type-error", "constraint-error"):
                cells.add((error.row_number, error.field_name))
            else:
                raise AssertionError(f"frictionless says {error.type}: {error.message}")
    return cells, keys


def filled_in(dataset):
    """Columns whose missing values the contract takes from others."""
    words = ("homeroom.default", "homeroom.madeFrom")
    shown = homeroom("contract", "show", dataset).stdout
    parts = shown.split("\n      - name: ")[1:]
    columns = {part.split("\n")[0] for part in parts if any(f"property: {word}" in part for word in words)}
    return columns | ({"school_year"} if "homeroom.schoolYearFrom" in shown else set())


def lines_by_key(path, schema):
    """For each line, all lines with its key."""
    lines = {}
    with path.open(newline="", encoding="utf-8") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            lines.setdefault(tuple(row[name] for name in schema.get("primaryKey", [])), set()).add(number)
    return {number: same for same in lines.values() for number in same}


def our_verdict(file):
    cells, keys = set(), set()
    for issue in file["issues"]:
        if issue["severity"] != "error" or not issue["line"]:
            continue
        if issue["rule"] in KEY_RULES:
            keys.add(issue["line"])
        elif issue["rule"] in SHARED:
            cells.add((issue["line"], issue["column"]))
    for skipped in file.get("skipped", []):
        if skipped["reason"].startswith("duplicate"):
            keys.add(skipped["line"])
    return cells, keys


@unittest.skipIf(frictionless is None, "frictionless is not installed (tools/deps install lint)")
class Frictionless(FolderTest):
    def schema_of(self, dataset):
        finished = homeroom("contract", "export", dataset, "--format", "frictionless")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        return json.loads(finished.stdout)

    def test_reads_every_exported_schema(self):
        for dataset in datasets():
            schema = frictionless.Schema.from_descriptor(self.schema_of(dataset))
            report = frictionless.Schema.validate_descriptor(schema.to_descriptor())
            self.assertTrue(report.valid, report)

    def test_agrees_cell_by_cell(self):
        told, num_files, num_cells = dict.fromkeys(EXPLAINED, 0), 0, 0
        for dataset in datasets():
            schema = self.schema_of(dataset)
            files = self.make_files(dataset, schema, filled_in(dataset))
            finished = homeroom("check", files[0][0].parent, "--dataset", dataset, "--json", timeout=3600)
            document = self.report(finished, 0, 3, 4)
            ours = {file["path"]: file for file in document["files"]}
            for path, done, excused in files:
                num_files += 1
                num_cells += self.compare(ours[str(path)], path, schema, done, excused, told)
        print(f"frictionless: {num_files} files of {len(datasets())} contracts, {num_cells} cells and rows found by "
              f"both; explained differences: {told}")
        self.assertGreater(num_cells, num_files // 2)

    def make_files(self, dataset, schema, filled):
        made = []
        for number in range(NUM_FILES):
            chance = random.Random(f"{dataset} {number}")
            rows = clean_rows(schema, chance)
            done, excused = mutate(schema, rows, chance, filled) if number else ([], {})
            path = self.folder / dataset / f"{dataset}_{number}.csv"
            path.parent.mkdir(exist_ok=True)
            with path.open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow([field["name"] for field in schema["fields"]])
                writer.writerows(rows)
            made.append((path, done, excused))
        return made

    def compare(self, file, path, schema, done, excused, told):
        cells, keys = frictionless_verdict(path, schema)
        our_cells, our_keys = our_verdict(file)
        bad_lines = {line for line, _ in cells}
        for cell in (cells - our_cells) & excused.keys():
            told[excused[cell]] += 1
            cells.remove(cell)
        self.assertEqual(sorted(our_cells), sorted(cells), f"{path.name}: {done}\n{file['issues']}")
        same_key = lines_by_key(path, schema)
        for line in sorted(keys ^ our_keys):
            others = same_key[line] - {line}
            if line in our_keys and others & keys:
                told["both_of_a_pair"] += 1  # the earlier row of a pair that differs
            elif line in keys and (others | {line}) & bad_lines:
                told["first_bad_cell"] += 1
            else:
                self.fail(f"{path.name}: key of line {line}: ours {our_keys}, theirs {keys}; {done}\n{file['issues']}")
        return len(cells) + len(keys & our_keys)


def datasets():
    from support import ROOT
    return sorted(path.name.split(".")[0] for path in (ROOT / "contracts").glob("*.odcs.yaml"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
