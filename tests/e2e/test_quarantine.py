"""What a clerk does with files that are held and rows that are quarantined."""

import csv
import io
import json
import unittest

from support import FolderTest, homeroom

HEADER = "StudentID,School,Date,Code,Minutes\n"
FILE = HEADER + ("0012345,010,09/11/2025,A,10\n"      # 2
                 "0012346,010,13/45/2025,A,20\n"      # 3
                 "0012347,010,09/13/2025,ZZ9,x9\n"    # 4
                 "0012348,010,09/14/2025,T,40\n"      # 5
                 "0012349,010,09/15/2025,T\n"         # 6
                 "0012350,010,09/16/2025,A,1\n"       # 7
                 "0012350,010,09/16/2025,A,2\n"       # 8
                 "0012351,010,09/17/2025,A,3\n"       # 9
                 "0012352,010,09/18/2025,A,3\n"       # 10
                 "0012353,010,09/19/2025,A,3\n"       # 11
                 "0012354,010,09/22/2025,A,3\n"       # 12
                 "0012355,010,09/23/2025,A,3\n")      # 13
FIXED = """apiVersion: v3.1.0
kind: DataContract
id: test.bench_scores
version: 1.0.0
status: active
schema:
  - name: bench_scores
    customProperties:
      - property: homeroom.files
        value:
          - name: "bench_*.txt"
            columns:
              - {name: student_id, start: 1, length: 6}
              - {name: score, start: 7, length: 4}
    properties:
      - {name: student_id, required: true, primaryKey: true,
         customProperties: [{property: homeroom.kind, value: identifier}]}
      - {name: score, logicalType: integer}
"""


class QuarantineTest(FolderTest):
    def setUp(self):
        type(self).data = self.folder / f"data_{self._testMethodName}"

    def tearDown(self):
        homeroom("db", "stop", "--data", self.data)

    def load(self, name, content, *codes, extra=()):
        return self.run_json(self.write(f"{self._testMethodName}/{name}", content),
                             codes=codes or (0, 3), extra=extra)["files"][0]

    def call(self, *arguments, codes=(0,)):
        finished = homeroom(*arguments, "--data", self.data)
        self.assertIn(finished.returncode, codes, finished.stderr + finished.stdout)
        return finished.stdout

    def json(self, *arguments, codes=(0,)):
        return json.loads(self.call(*arguments, "--json", codes=codes))

    def fix(self, path, *codes):
        return self.report(homeroom("quarantine", "fix", path, "--data", self.data, "--json"),
                           *(codes or (0, 3)))["files"][0]

    def records(self, run):
        return list(csv.DictReader(io.StringIO(self.call("quarantine", "export", str(run)))))

    def save(self, records, name="fixed.csv", delimiter=",", newline="\n", bom="", encoding="utf-8"):
        out = io.StringIO()
        writer = csv.DictWriter(out, records[0].keys(), delimiter=delimiter, lineterminator=newline)
        writer.writeheader()
        writer.writerows(records)
        return self.write(f"{self._testMethodName}/out/{name}",
                          (bom + out.getvalue()).encode(encoding))

    def books(self, run):
        return self.query("select rows_read as read, rows_loaded as loaded, rows_unchanged as "
                          "unchanged, rows_duplicate as duplicate, rows_quarantined as "
                          "quarantined, rows_pending as pending, rows_skipped as skipped "
                          f"from homeroom.run where run_id = {run}")[0]


class Corrections(QuarantineTest):
    def test_from_list_to_fixed(self):
        file = self.load("attendance_0911.csv", FILE, 3)
        run = file["run"]
        self.assertEqual(file["rows"]["quarantined"], 5)
        listed = self.json("quarantine", "list")["quarantine"]
        self.assertEqual([(q["run"], q["rows"]) for q in listed], [(run, 5)])
        causes = {(c["column"], c["rule"]): c["rows"] for c in listed[0]["causes"]}
        self.assertEqual(causes[("date", "date_to_iso")], 1)
        self.assertEqual(causes[("", "unique_key")], 2)

        shown = self.call("quarantine", "show", str(run))
        self.assertIn("month 13 is not a month", shown)
        self.assertNotIn("0012346", shown)
        self.assertIn("0012346", self.call("quarantine", "show", str(run), "--show-values"))

        records = self.records(run)
        self.assertEqual({r["_line"] for r in records}, {"3", "4", "6", "7", "8"})
        self.assertEqual(list(records[0])[5:], ["_line", "_column", "_rule", "_reason",
                                                "_suggestion", "_surplus", "_file"])
        for record in records:
            record["StudentID"] = record["StudentID"].lstrip("0")  # as a spreadsheet does
            if record["_line"] == "3":
                record["Date"] = "09/12/2025"
            if record["_line"] == "4" and record["_column"] == "status":
                record["Code"] = "A"
        kept = [r for r in records if r["_line"] in ("3", "4", "6", "7")]
        path = self.save(kept, delimiter=";", newline="\r\n", bom="\ufeff")
        fixed = self.fix(path, 3)
        rows = fixed["rows"]
        # 3 is right now; 4 still has its minutes; 6 is as short as it was; of 7 and 8 one is left.
        self.assertEqual((rows["read"], rows["loaded"], rows["quarantined"]), (4, 2, 2))
        self.assertEqual(fixed["run"], run)
        got = self.query("select student_id, date, _run, _line from data.attendance_daily "
                         "where _line in (3, 7) order by 1")
        self.assertEqual(got, [
            {"student_id": "0012346", "date": "2025-09-12", "_run": run, "_line": 3},
            {"student_id": "0012350", "date": "2025-09-16", "_run": run, "_line": 7}])
        self.assertEqual(self.books(run)["quarantined"], 3)
        left = self.records(run)
        self.assertEqual({r["_line"] for r in left}, {"4", "6", "8"})
        four = [r for r in left if r["_line"] == "4"]
        self.assertEqual([(r["_column"], r["Code"]) for r in four], [("minutes_absent", "A")])
        marks = self.query("select kind, num_fixed, num_quarantined, made_by "
                           "from homeroom.correction")
        self.assertEqual((marks[0]["kind"], marks[0]["num_fixed"]), ("fix", 2))

        before = self.query("select student_id, date, status, _run, _line, minutes_absent "
                            "from data.attendance_daily order by 1, 2")
        again = self.fix(path, 3)
        self.assertEqual((again["rows"]["loaded"], again["rows"]["duplicate"],
                          again["rows"]["quarantined"]), (0, 2, 2))
        self.assertEqual(before, self.query(
            "select student_id, date, status, _run, _line, minutes_absent "
            "from data.attendance_daily order by 1, 2"))
        self.assertEqual(len(self.query("select * from homeroom.correction")), 1)
        self.assertEqual(self.books(run)["quarantined"], 3)

        explained = json.loads(homeroom("explain", "attendance_daily", "2026", "0012346", "010",
                                        "2025-09-12", "--data", self.data, "--json").stdout)
        row = explained["rows"][0]
        self.assertEqual((row["line"], row["corrected_by"]), (3, marks[0]["made_by"]))
        date = next(cell for cell in row["cells"] if cell["column"] == "date")
        self.assertEqual((date["original"], date["value"], date["note"]),
                         ("13/45/2025", "2025-09-12", "corrected in the quarantine"))

    def test_run_knows_a_corrected_file_under_any_name(self):
        file = self.load("attendance_0911.csv", FILE, 3)
        records = [r for r in self.records(file["run"]) if r["_line"] == "3"]
        records[0]["Date"] = "12.09.2025"
        records[0]["Date"] = "9/12/2025"
        path = self.save(records, name="Kopie von Mappe1.csv", delimiter="\t")
        sent = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual((sent["rows"]["loaded"], sent["run"], sent["dataset"]),
                         (1, file["run"], "attendance_daily"))
        again = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual((again["rows"]["loaded"], again["rows"]["duplicate"]), (0, 1))

    def test_a_corrected_row_that_contradicts_another_stays(self):
        file = self.load("attendance_0911.csv", FILE, 3)
        records = [r for r in self.records(file["run"]) if r["_line"] == "3"]
        records[0].update({"StudentID": "0012345", "Date": "09/11/2025"})
        fixed = self.fix(self.save(records), 3)
        self.assertEqual((fixed["rows"]["loaded"], fixed["rows"]["quarantined"]), (0, 1))
        self.assertEqual(fixed["issues"][0]["rule"], "unique_key")
        minutes = self.query("select minutes_absent from data.attendance_daily "
                             "where student_id = '0012345'")
        self.assertEqual(minutes, [{"minutes_absent": 10}])

    def test_a_corrected_row_of_an_unknown_student_waits(self):
        self.load("students.csv", "Student ID,First Name,Last Name,Birth Date,Grade\n" + "".join(
            f"{i:07},A,B,2010-01-01,07\n" for i in range(12340, 12356) if i != 12346))
        file = self.load("attendance_0911.csv", FILE, 3)
        records = [r for r in self.records(file["run"]) if r["_line"] == "3"]
        records[0]["Date"] = "09/12/2025"
        fixed = self.fix(self.save(records), 0)
        self.assertEqual((fixed["rows"]["loaded"], fixed["rows"]["pending"]), (0, 1))
        self.assertEqual(self.books(file["run"])["pending"], 1)
        self.load("students_2.csv", "Student ID,First Name,Last Name,Birth Date,Grade\n"
                                    "0012346,A,B,2010-01-01,07\n")
        self.assertEqual(self.books(file["run"])["pending"], 0)
        self.assertEqual(self.query("select _line from data.attendance_daily "
                                    "where student_id = '0012346'"), [{"_line": 3}])

    def test_rows_of_a_file_that_was_replaced_are_corrected_in_the_new_one(self):
        old = self.load("attendance_0911.csv", FILE, 3)
        records = self.records(old["run"])
        self.load("attendance_0911.csv", FILE.replace("0012351", "0012399"), 3)
        refused = homeroom("quarantine", "fix", self.save(records), "--data", self.data)
        self.assertEqual(refused.returncode, 4)
        self.assertIn("no longer what fills its place", refused.stderr)

    def test_of_two_sources_with_the_same_bytes_the_one_whose_file_is_in_force_is_corrected(self):
        first = self.load("a/attendance_0911.csv", FILE, 3)
        second = self.load("b/attendance_0911.csv", FILE, 3)
        records = self.records(second["run"])
        self.load("b/attendance_0911.csv", FILE.replace("0012351", "0012399"), 3)
        row = next(record for record in records if record["_line"] == "3")
        row["Date"] = "09/12/2025"
        fixed = self.fix(self.save([row]), 0)
        self.assertEqual((fixed["run"], fixed["rows"]["loaded"]), (first["run"], 1))

    def test_rows_of_a_file_of_fixed_width_are_shown_but_not_corrected(self):
        contracts = self.folder / "fixed"
        self.write("fixed/scores.odcs.yaml", FIXED)
        text = "".join(f"{name:<6}{score:<4}\n" for name, score in [("000001", 12), ("000002", "x9"), ("000003", 14)])
        file = self.load("bench_0911.txt", text, 3, extra=("--contracts", contracts))
        records = self.records(file["run"])
        self.assertEqual([(r["_line"], r["student_id"], r["score"]) for r in records], [("2", "000002", "x9")])
        records[0]["score"] = "19"
        for call in (("fix", self.save(records)), ("retry", str(file["run"]))):
            refused = homeroom("quarantine", *call, "--contracts", contracts, "--data", self.data)
            self.assertEqual(refused.returncode, 4, refused.stdout)
            self.assertIn("its file has columns of fixed width", refused.stderr)
        self.assertEqual(self.records(file["run"])[0]["score"], "x9")
        self.load("bench_0911.txt", text.replace("x9", "19"), 0, extra=("--contracts", contracts))
        self.assertEqual(self.query("select score from data.bench_scores where student_id = '000002'"), [{"score": 19}])

    def test_what_is_no_quarantine_file_is_told(self):
        self.load("attendance_0911.csv", FILE, 3)
        path = self.write("x/other.csv", "a,b\n1,2\n")
        finished = homeroom("quarantine", "fix", path, "--data", self.data)
        self.assertEqual(finished.returncode, 4)
        self.assertIn("no column _line", finished.stderr)
        lost = self.write("x/lost.csv", "StudentID,_line,_column,_rule,_reason\n1,3,a,b,c\n")
        finished = homeroom("quarantine", "fix", lost, "--data", self.data)
        self.assertEqual(finished.returncode, 4)
        self.assertIn("keep the column _file", finished.stderr)


class Retries(QuarantineTest):
    def test_rows_are_taken_once_a_contract_knows_their_code(self):
        rows = "".join(f"0{i},010,2025-09-11,{'FT9' if i == 5 else 'A'}\n" for i in range(10, 20))
        rows = rows.replace("015,010,2025-09-11,A", "015,010,2025-09-11,FT9")
        file = self.load("att.csv", "Student ID,School ID,Date,Status\n" + rows, 3)
        self.assertEqual(file["rows"]["quarantined"], 1)
        same = self.report(homeroom("quarantine", "retry", "--data", self.data, "--json"), 3)
        self.assertEqual(same["files"][0]["rows"]["quarantined"], 1)
        self.write("district/enumerations.yaml",
                   "attendance_status:\n  values:\n"
                   "    - {code: field_trip, label: Field trip, spellings: [FT9]}\n")
        retried = self.report(homeroom("quarantine", "retry", "--contracts",
                                       self.folder / "district", "--data", self.data, "--json"), 0)
        self.assertEqual(retried["files"][0]["rows"]["loaded"], 1)
        self.assertEqual(self.query("select student_id, _line, _run from data.attendance_daily "
                                    "where status = 'field_trip'"),
                         [{"student_id": "015", "_line": 7, "_run": file["run"]}])
        self.assertEqual(self.json("quarantine", "list")["quarantine"], [])


class Holds(QuarantineTest):
    BAD = HEADER + "".join(f"00{i},010,13/45/2025,A,1\n" for i in range(6)) + \
        "".join(f"01{i},010,09/1{i}/2025,A,1\n" for i in range(4))

    def test_a_held_file_is_released_by_name_of_who_did_it(self):
        held = self.load("att.csv", self.BAD, 4)
        self.assertEqual(held["status"], "held")
        holds = self.json("holds", "list")["holds"]
        self.assertEqual([h["run"] for h in holds], [held["run"]])
        self.assertIn("6 of 10 rows are bad", holds[0]["reason"])
        released = self.report(homeroom("holds", "release", str(held["run"]), "--by", "R. Ortiz",
                                        "--data", self.data, "--json"), 3)["files"][0]
        self.assertEqual((released["status"], released["rows"]["loaded"],
                          released["rows"]["quarantined"]), ("loaded", 4, 6))
        self.assertTrue(released["path"].endswith("att.csv"))
        self.assertEqual(self.json("holds", "list")["holds"], [])
        decided = self.query("select decision, decided_by, released_as from homeroom.hold_decision")
        self.assertEqual(decided, [{"decision": "released", "decided_by": "R. Ortiz",
                                    "released_as": released["run"]}])
        self.assertEqual(self.load("att.csv", self.BAD, 0)["status"], "duplicate")
        twice = homeroom("holds", "release", str(released["run"]), "--data", self.data)
        self.assertEqual(twice.returncode, 4)
        self.assertIn("is not held", twice.stderr)

    def test_a_file_that_a_check_of_quality_held_is_loaded_when_released(self):
        self.write("few/attendance_daily.odcs.yaml",
                   "apiVersion: v3.1.0\nkind: DataContract\nid: x.a\nversion: 1.0.0\nstatus: active\n"
                   "schema:\n  - name: attendance_daily\n"
                   "    quality: [{metric: rowCount, mustBeGreaterThan: 100}]\n")
        contracts = ("--contracts", self.folder / "few")
        rows = HEADER + "".join(f"01{i},010,09/1{i}/2025,A,1\n" for i in range(4))
        held = self.load("att.csv", rows, 4, extra=contracts)
        self.assertEqual((held["status"], held["rows"]["pending"]), ("held", 4))
        released = self.report(homeroom("holds", "release", str(held["run"]), "--by", "R. Ortiz",
                                        *contracts, "--data", self.data, "--json"), 0, 3)["files"][0]
        self.assertEqual((released["status"], released["rows"]["loaded"]), ("loaded", 4))
        self.assertEqual(self.query("select count(*) as n from data.attendance_daily"), [{"n": 4}])

    def test_a_refused_file_is_not_taken_when_it_comes_again(self):
        held = self.load("att.csv", self.BAD, 4)
        self.call("holds", "refuse", str(held["run"]), "--by", "R. Ortiz")
        self.assertEqual(self.json("holds", "list")["holds"], [])
        again = self.load("att.csv", self.BAD, 4)
        self.assertEqual(again["status"], "refused")
        self.assertIn("R. Ortiz refused this file", again["reason"])
        other = self.load("att.csv", self.BAD.replace("13/45", "09/12"), 0)
        self.assertEqual(other["status"], "loaded")


if __name__ == "__main__":
    unittest.main()
