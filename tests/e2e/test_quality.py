"""Checks that a contract asks for: rows set aside, files held, warnings told."""

import csv
import unittest

from support import FolderTest, homeroom

CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: x.clubs
version: 1.0.0
status: active
schema:
  - name: clubs
    customProperties: [{property: homeroom.maxBadPercent, value: 90}]
    quality:
      - {metric: rowCount, mustBeGreaterThan: 2}
    properties:
      - name: club_id
        unique: true
      - name: town
        quality:
          - type: custom
            engine: homeroom
            implementation: {check: determines, columns: [zip]}
      - name: zip
        customProperties: [{property: homeroom.kind, value: postcode}]
      - name: girls
        logicalType: integer
      - name: members
        logicalType: integer
        quality:
          - type: custom
            engine: homeroom
            description: Girls are members.
            implementation: {check: row_condition, condition: girls <= members}
          - {metric: nullValues, mustBeLessThan: 20, unit: percent, severity: SEVERITY}
"""
MILD = """apiVersion: v3.1.0
kind: DataContract
id: x.mild_clubs
version: 1.0.0
status: active
schema:
  - name: mild_clubs
    properties:
      - {name: club_id, primaryKey: true, required: true, customProperties: [{property: homeroom.kind, value: identifier}]}
      - name: members
        logicalType: integer
        required: true
        logicalTypeOptions: {maximum: 500}
        quality:
          - {type: custom, engine: homeroom, severity: warning, implementation: {check: range}}
          - {type: custom, engine: homeroom, implementation: {check: required, mustBeLessThan: 2, unit: percent}}
"""
ROWS = """club_id,town,zip,girls,members
1,Lynn,01901,3,9
2,Lynn,01901,4,2
3,Lin,01901,1,
4,Lynn,01901,1,1
4,Lynn,01901,1,2
6,Salem,01970,,5
"""


class Quality(FolderTest):
    def test_a_plain_check_that_warns_or_tolerates_loads_its_rows(self):
        self.write("mild/clubs.odcs.yaml", MILD)
        file = self.write("mild.csv", "club_id,members\n" + "".join(f"{i},{i}\n" for i in range(1, 60)) + "60,\n61,900\n")
        report = self.run_json(file, codes=(0,), extra=("--contracts", self.folder / "mild"))["files"][0]
        self.assertEqual((report["status"], report["rows"]["loaded"]), ("loaded", 61))
        [issue] = report["issues"]
        self.assertEqual((issue["severity"], issue["rule"], issue["column"], issue["line"]),
                         ("warning", "range", "members", 62))
        self.assertEqual(self.query("select count(*) as n from data.mild_clubs where members is null"), [{"n": 1}])
        # From two in a hundred on the file is held.
        file.write_text(file.read_text() + "62,\n")
        report = self.run_json(file, codes=(4,), extra=("--contracts", self.folder / "mild"))["files"][0]
        self.assertIn("members", report["reason"])

    def check(self, severity, rows=ROWS):
        contracts = self.folder / severity
        self.write(f"{severity}/clubs.odcs.yaml", CONTRACT.replace("SEVERITY", severity))
        file = self.write("clubs.csv", rows)
        out = self.folder / f"out-{severity}-{len(rows)}"
        finished = homeroom("clean", file, "--contracts", contracts, "--dataset", "clubs", "--out",
                            out, "--json")
        return self.report(finished, 0, 3, 4)["files"][0], out

    def test_rows_that_break_a_check_are_set_aside_with_the_reason(self):
        file, out = self.check("warning", ROWS + "7,Lynn,01901,1,5\n8,Lynn,01901,1,5\n")
        found = {(i["line"], i["column"], i["rule"]) for i in file["issues"] if i["severity"] == "error"}
        self.assertEqual(found, {(3, "girls", "row_condition"), (4, "town", "determines"),
                                 (5, "club_id", "duplicate_values"),
                                 (6, "club_id", "duplicate_values")})
        self.assertEqual((file["rows"]["loaded"], file["rows"]["quarantined"]), (4, 4))
        [path] = (out / "quarantine").rglob("*.csv")
        with path.open() as quarantine:
            lines = {int(row["_line"]) for row in csv.DictReader(quarantine)}
        self.assertEqual(lines, {3, 4, 5, 6})

    def test_a_warning_is_told_with_its_share_and_an_error_holds_the_file(self):
        warned, _ = self.check("warning", ROWS.replace("1,1\n", "1,\n"))
        [warning] = [i for i in warned["issues"] if i["severity"] == "warning"]
        self.assertEqual(warning["message"],
                         "2 rows (33.33 %): is empty; must be less than 20 %")
        self.assertEqual(warning["line"], 4)
        self.assertEqual(warned["status"], "cleaned")
        held, _ = self.check("error", ROWS.replace("1,1\n", "1,\n"))
        self.assertEqual(held["status"], "held")
        self.assertIn("column members: 2 rows (33.33 %): is empty", held["reason"])
        self.assertEqual(held["rows"]["loaded"], 0)
        few, _ = self.check("warning", "".join(ROWS.splitlines(keepends=True)[:3]))
        self.assertEqual(few["reason"], "the number of rows is 2, must be more than 2")

    def test_texts_that_are_no_code_load_and_are_told_of(self):
        rows = "".join(f"{n:04},Ruiz,Ana{n},2012-01-{n:02},Female,5\n" for n in range(10, 30))
        path = self.write("students.csv", "Student ID,Last Name,First Name,Birth Date,Sex,Grade Level\n" + rows
                          + "0030,Ruiz,Eva,2012-02-01,Femal,5\n0031,Ruiz,Mia,2012-02-02,F,Fiveth\n")
        file = self.report(homeroom("check", path, "--json"), 0)["files"][0]
        self.assertEqual((file["dataset"], file["rows"]["loaded"]), ("students", 22))
        told = {(i["column"], i["line"]): i["message"] for i in file["issues"] if i["rule"] == "unknown_codes"}
        self.assertEqual(set(told), {("sex", 22), ("grade_level", 23)})
        self.assertIn("Figures by sex leave out what is no code", told[("sex", 22)])

    def test_a_mistake_in_a_check_is_told_by_file_and_line(self):
        path = self.write("wrong/clubs.odcs.yaml",
                          CONTRACT.replace("SEVERITY", "error").replace("girls <=", "grils <="))
        finished = homeroom("contract", "lint", path)
        self.assertEqual(finished.returncode, 2)
        self.assertIn("check row_condition: it names grils, which is no column", finished.stdout)
        self.assertIn("clubs.odcs.yaml, line 26: ", finished.stdout)


if __name__ == "__main__":
    unittest.main()
