"""Rows whose student is not known yet: kept, counted, loaded when the student arrives."""

import json
import unittest

from support import FolderTest, OUTCOMES, homeroom

STUDENTS = "Student ID,First Name,Last Name,Birth Date,Grade\n"
ATTENDANCE = "Student ID,School ID,Date,Status\n"


def students(*ids):
    return STUDENTS + "".join(f"{i},Ada,Example,2010-01-0{1 + n % 9},07\n"
                              for n, i in enumerate(ids))


def attendance(day, *ids, status="A"):
    return ATTENDANCE + "".join(f"{i},010,2025-11-{day:02},{status}\n" for i in ids)


class PendingTest(FolderTest):
    """Each test has a folder and a database of its own."""

    def setUp(self):
        type(self).data = self.folder / f"data_{self._testMethodName}"

    def tearDown(self):
        homeroom("db", "stop", "--data", self.data)

    def load(self, name, content, *codes, extra=()):
        return self.run_json(self.write(f"{self._testMethodName}/{name}", content),
                             codes=codes or (0,), extra=extra)["files"][0]

    def books_balance(self):
        """Ledger against tables: every row that a run counts as pending is kept, and no other."""
        runs = self.query("select r.run_id, r.rows_read, r.rows_pending as pending, " + ", ".join(
            f"r.rows_{o}" for o in OUTCOMES if o != "pending") + ", (select count(distinct p.line) "
            "from homeroom.pending_row as p where p.run_id = r.run_id) as kept "
            "from homeroom.run as r where r.status = 'loaded'")
        for run in runs:
            self.assertEqual(run["pending"], run["kept"], run)


class OneStudent(PendingTest):
    def test_a_row_waits_and_is_loaded_with_its_origin_when_the_student_arrives(self):
        self.load("sis/students_1.csv", students("001", "002"))
        file = self.load("sis/att.csv", attendance(3, "001", "003", "002"))
        self.assertEqual((file["status"], file["rows"]["loaded"], file["rows"]["pending"]),
                         ("loaded", 2, 1))
        waiting = [i for i in file["issues"] if i["line"] == 3]
        self.assertEqual([(i["rule"], i["severity"], i["column"], i["field"]) for i in waiting],
                         [("reference", "warning", "student_id", 1)])
        self.assertNotIn("003", json.dumps(file["issues"]))
        self.books_balance()

        later = self.load("sis/students_2.csv", students("001", "002", "003"))
        self.assertIn("1 row of 1 earlier file that waited for this is loaded: "
                      "data.attendance_daily", [i["message"] for i in later["issues"]])
        row = self.query("select _run, _line, status from data.attendance_daily "
                         "where student_id = '003'")[0]
        self.assertEqual(row, {"_run": file["run"], "_line": 3, "status": "absent"})
        run = self.query(f"select rows_loaded, rows_pending, rows_inserted from homeroom.run "
                         f"where run_id = {file['run']}")[0]
        self.assertEqual(run, {"rows_loaded": 3, "rows_pending": 0, "rows_inserted": 3})
        self.assertEqual(self.query("select count(*) as n from homeroom.pending_row")[0]["n"], 0)
        self.books_balance()
        again = self.load("sis/att.csv", attendance(3, "001", "003", "002"))
        self.assertEqual(again["status"], "duplicate")
        explained = homeroom("explain", "attendance_daily", "2026", "003", "010", "2025-11-03",
                             "--data", self.data, "--json")
        self.assertEqual(json.loads(explained.stdout)["rows"][0]["line"], 3)

    def test_a_newer_row_of_the_same_key_takes_the_place_of_one_that_waits(self):
        self.load("sis/students_1.csv", students("001", "002"))
        old = self.load("sis/att_a.csv", attendance(3, "001", "003"))
        new = self.load("sis/att_b.csv", attendance(3, "002", "003", status="T"))
        self.assertEqual(new["rows"]["pending"], 1)
        before = self.query(f"select rows_pending, rows_skipped from homeroom.run "
                            f"where run_id = {old['run']}")[0]
        self.assertEqual(before, {"rows_pending": 0, "rows_skipped": 1})
        self.books_balance()
        self.load("sis/students_2.csv", students("001", "002", "003"))
        rows = self.query("select status, _run from data.attendance_daily "
                          "where student_id = '003'")
        self.assertEqual(rows, [{"status": "tardy", "_run": new["run"]}])
        self.books_balance()

    def test_a_row_that_waited_replaces_nothing_newer(self):
        self.load("sis/students_1.csv", students("001", "002"))
        self.load("sis/att_a.csv", attendance(3, "001", "003"))
        self.load("sis/students_2.csv", students("001", "002", "003"))
        self.load("sis/att_b.csv", attendance(3, "003", status="T"))
        self.load("sis/students_3.csv", students("001", "002", "003", "004"))
        rows = self.query("select status from data.attendance_daily where student_id = '003'")
        self.assertEqual(rows, [{"status": "tardy"}])

    def test_columns_that_the_waiting_file_lacked_stay_as_they_are(self):
        self.load("sis/students_1.csv", students("001", "002"))
        self.load("sis/att_a.csv", "Student ID,School ID,Date,Status,Minutes Absent,Comment\n"
                                   '001,010,2025-11-03,A,10,x\n003,010,2025-11-03,A,*,"a, ""b"""\n',
                  0, 3)
        self.load("sis/students_2.csv", students("001", "002", "003"))
        rows = self.query("select student_id, minutes_absent, comment from data.attendance_daily "
                          "order by 1")
        self.assertEqual(rows[0], {"student_id": "001", "minutes_absent": 10, "comment": "x"})


class FileVerdicts(PendingTest):
    def test_a_file_with_few_of_its_sources_students_is_held_and_taken_when_they_are_there(self):
        self.load("sis/students.csv", students("001", "002"))
        file = self.load("sis/att.csv", attendance(3, "001", "008", "009"), 4)
        self.assertEqual((file["status"], file["rows"]["pending"]), ("held", 3))
        self.assertIn("in 2 of 3 rows the student_id is not in data.students",
                      file["reason"])
        self.assertEqual(self.query("select count(*) as n from data.attendance_daily")[0]["n"], 0)
        self.assertEqual(self.query("select count(*) as n from homeroom.pending_row")[0]["n"], 0)
        self.load("sis/students_2.csv", students("001", "002", "008"))
        file = self.load("sis/att.csv", attendance(3, "001", "008", "009"))
        self.assertEqual((file["rows"]["loaded"], file["rows"]["pending"]), (2, 1))

    def test_a_source_that_gave_no_students_is_loaded_when_its_ids_are_others(self):
        self.load("sis/students.csv", students("001", "002"))
        file = self.load("vendor/att.csv", attendance(3, "001", "X8", "X9"))
        self.assertEqual((file["status"], file["rows"]["loaded"]), ("loaded", 3))
        said = [i for i in file["issues"] if i["rule"] == "reference"]
        self.assertEqual([i["severity"] for i in said], ["warning"])
        self.assertIn("all are loaded", said[0]["message"])
        file = self.load("vendor/att_b.csv", attendance(4, "001", "002", "X9"))
        self.assertEqual((file["rows"]["loaded"], file["rows"]["pending"]), (2, 1))

    def test_nothing_is_judged_by_an_empty_table(self):
        file = self.load("sis/att.csv", attendance(3, "001", "002"))
        self.assertEqual((file["rows"]["loaded"], file["rows"]["pending"]), (2, 0))
        self.assertEqual([i for i in file["issues"] if i["rule"] == "reference"], [])


class DeclaredReferences(PendingTest):
    CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: lincoln.attendance_daily
version: 1.0.0
status: active
schema:
  - name: attendance_daily
    properties:
      - name: student_id
        relationships:
          - to: students.student_id
            customProperties:
              - {property: homeroom.whenUnknown, value: quarantine}
"""

    def test_a_district_has_unknown_students_quarantined_with_their_cells(self):
        self.write("district/attendance.odcs.yaml", self.CONTRACT)
        extra = ("--contracts", self.folder / "district")
        self.load("sis/students.csv", students("001", "002"), extra=extra)
        file = self.load("sis/att.csv",
                         ATTENDANCE + "001,010,11/03/2025,A\n003,010,11/04/2025,A\n"
                                      "002,010,11/44/2025,A\n002,010,11/15/2025,A\n",
                         3, extra=extra)
        rows = file["rows"]
        self.assertEqual((rows["loaded"], rows["quarantined"], rows["pending"]), (2, 2, 0))
        key = [o for o in file["outputs"] if o.startswith("quarantine/")]
        self.assertEqual(len(key), 1)
        lines = (self.data / "store" / key[0]).read_text().splitlines()
        self.assertTrue(lines[1].startswith("002,010,11/44/2025,A,4,date,date_to_iso,"))
        self.assertTrue(lines[2].startswith(
            "003,010,11/04/2025,A,3,student_id,reference,data.students has no row"), lines[2])
        self.assertEqual(len(lines), 3)


if __name__ == "__main__":
    unittest.main()
