"""What a file says of itself: counts and sums behind its rows or in a manifest, how its dates are
written; and values that are taken apart."""

import unittest

from support import FolderTest, homeroom

HEAD = """apiVersion: v3.1.0
kind: DataContract
id: x.fees
version: 1.0.0
status: active
schema:
  - name: fees
    customProperties: [{property: homeroom.maxBadPercent, value: 90}]
"""
COLUMNS = """    properties:
      - {name: payer_id, primaryKey: true, required: true, customProperties: [{property: homeroom.kind, value: identifier}]}
      - name: fee
        logicalType: number
        quality: [QUALITY]
      - name: paid_on
        logicalType: date
        quality: [DATES]
      - {name: club, logicalType: string}
      - {name: note, logicalType: string}
"""
ROWS = "payer_id,fee,paid_on,club,note\n1,10.10,2025-11-03,chess,\n2,20.20,2025-11-04,choir,\n"
TOTAL = "{type: custom, engine: homeroom, severity: SEVERITY, implementation: {check: control_total, optional: true}}"
STATED = "    quality:\n      - {type: custom, engine: homeroom, severity: SEVERITY, implementation: {check: stated_rows}}\n"


class CheckedFiles(FolderTest):
    def check_json(self, path, codes, extra=()):
        return self.report(homeroom("check", path, "--json", *extra), *codes)


class ControlTotals(CheckedFiles):
    def look(self, name, content, code, dataset="", columns="", dates=""):
        folder = self.folder / name
        text = HEAD + dataset + COLUMNS.replace("QUALITY", columns).replace("DATES", dates)
        self.write(f"{name}/contracts/fees.odcs.yaml", text)
        file = self.write(f"{name}/drop/fees_{name}.csv", content)
        return self.check_json(file, codes=(code,), extra=("--contracts", folder / "contracts"))["files"][0]

    def test_a_footer_that_says_another_number_of_rows_is_as_loud_as_the_contract_wants(self):
        short = ROWS + "Total records: 3,,,,\n"
        for severity, code, is_held in (("error", 4, True), ("warning", 0, False)):
            file = self.look(f"stated_{severity}", short, code, STATED.replace("SEVERITY", severity))
            self.assertEqual(bool(file["reason"]), is_held)
            [issue] = [i for i in file["issues"] if i["rule"] == "stated_rows"]
            self.assertEqual((issue["severity"], issue["line"]), (severity, 4))
            self.assertIn("3 rows, and it has 2", issue["message"])
        file = self.look("stated_right", ROWS + "Total records: 2,,,,\n", 0, STATED.replace("SEVERITY", "error"))
        self.assertEqual(file["issues"], [])

    def test_a_file_without_its_trailer_was_cut_short(self):
        file = self.look("stated_nothing", ROWS, 4, STATED.replace("SEVERITY", "error"))
        self.assertIn("cut short", file["reason"])

    def test_a_total_behind_the_rows_is_held_against_them(self):
        error = TOTAL.replace("SEVERITY", "error")
        self.assertEqual(self.look("total_right", ROWS + "Total,$30.30,,,\n", 0, "", error)["rows"]["skipped"], 1)
        file = self.look("total_wrong", ROWS + "Total,30.31,,,\n", 4, "", error)
        self.assertIn("column fee: the file says that fee adds up to 30.31, its rows to 30.3", file["reason"])
        self.assertEqual(self.look("total_none", ROWS, 0, "", error)["issues"], [])
        marked = error.replace("optional: true", "marked: TRL, field: 3, mustBeLessThan: 0.05")
        self.assertEqual(self.look("total_marked", ROWS + "TRL,2,30.34\n", 0, "", marked)["issues"], [])

    def test_a_manifest_counts_the_files_beside_it(self):
        contract = HEAD + COLUMNS.replace("QUALITY", "").replace("DATES", "")
        self.write("counted/contracts/fees.odcs.yaml", contract)
        for name, content in (("fees_a.csv", ROWS), ("fees_b.csv", ROWS),
                              ("manifest.csv", "file_name,row_count\nfees_a.csv,2\nFEES_B,3\nfees_c.csv,1\n")):
            self.write(f"counted/drop/{name}", content)
        files = self.check_json(self.folder / "counted/drop", codes=(0, 3, 4),
                                extra=("--contracts", self.folder / "counted/contracts"))["files"]
        manifest, *data = sorted(files, key=lambda file: "manifest" not in file["path"])
        self.assertEqual(manifest["status"], "read")
        self.assertEqual([i["message"] for i in manifest["issues"]],
                         ["fees_c.csv is not there, and the manifest counts it"])
        said = {file["path"][-5]: [i["message"] for i in file["issues"]] for file in data}
        self.assertEqual(said["a"], [])
        self.assertEqual(said["b"], ["manifest.csv line 3 says that it has 3 rows, and it has 2"])

    def test_dates_are_written_as_the_contract_demands(self):
        strict = "{type: custom, engine: homeroom, implementation: {check: date_format, format: dd/MM/yyyy}}"
        rows = "payer_id,fee,paid_on,club,note\n1,1,03/11/2025,,\n2,1,04/11/2025,,\n3,1,2025-11-05,,\n4,1,5/11/2025,,\n"
        file = self.look("dates", rows, 3, dates=strict)
        self.assertEqual([(i["line"], i["rule"]) for i in file["issues"]], [(4, "date_format"), (5, "date_format")])
        # Without the contract's word nothing tells day from month.
        self.assertIn("no value tells", self.look("dates_undecided", rows, 4)["issues"][0]["message"])


class Parts(CheckedFiles):
    def test_a_name_that_the_file_gives_as_one_is_taken_apart(self):
        file = self.write("roster/students.csv", "student_id,student_name,grade_level,birth_date\n"
                          '1,"Ruiz, Ana M., Jr.",04,2015-02-03\n2,"Ruiz, Ana Maria",04,2015-02-04\n'
                          "3,Ana Ruiz,04,2015-02-05\n4,,04,2015-02-06\n")
        report = self.run_json(file, codes=(0,))["files"][0]
        self.assertEqual(report["dataset"], "students")
        [issue] = [i for i in report["issues"] if i["rule"] == "part_of"]
        self.assertEqual(issue["severity"], "info")
        self.assertIn("1 value taken apart into first_name, middle_name, last_name, name_suffix; 2 kept whole, "
                      "the first on line 3", issue["message"])
        rows = self.query("select full_name, first_name, middle_name, last_name, name_suffix from data.students "
                          "order by student_id")
        self.assertEqual(list(rows[0].values()), ["Ruiz, Ana M., Jr.", "Ana", "M.", "Ruiz", "Jr."])
        self.assertEqual(list(rows[1].values()), ["Ruiz, Ana Maria", None, None, None, None])
        self.assertEqual(list(rows[2].values()), ["Ana Ruiz", None, None, None, None])

    def test_a_file_that_gives_a_part_parts_the_name_itself(self):
        file = self.write("parted/students.csv", "student_id,student_name,last_name,grade_level,birth_date\n"
                          '1,"Ruiz, Ana",de Ruiz,04,2015-02-03\n')
        report = self.check_json(file, codes=(0,))["files"][0]
        self.assertNotIn("part_of", [i["rule"] for i in report["issues"]])

    def test_a_mark_of_number_and_letter_is_taken_apart(self):
        file = self.write("marks/course_marks_2025-26.csv", "student_id,course_id,section_id,term_code,mark\n"
                          "1,C1,S1,T1,85.12 B+\n2,C1,S1,T1,A\n3,C1,S1,T1,3.7 A-\n")
        report = self.run_json(file, codes=(0,))["files"][0]
        self.assertEqual(report["dataset"], "course_marks")
        rows = self.query("select mark_raw, mark_letter, mark_percent::text as percent from data.course_marks "
                          "order by student_id")
        self.assertEqual([list(row.values()) for row in rows],
                         [["85.12 B+", "B+", "85.12"], ["A", None, None], ["3.7 A-", None, None]])


if __name__ == "__main__":
    unittest.main(verbosity=1)
