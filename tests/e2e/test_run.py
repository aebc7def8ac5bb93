"""From a folder of files to answers, twice, with the private PostgreSQL."""

import json
import unittest

from support import FolderTest, homeroom


RATES = """apiVersion: v3.1.0
kind: DataContract
id: own.town_rates
name: town_rates
version: 1.0.0
status: active
schema:
  - name: town_rates
    physicalName: town_rates
    physicalType: table
    properties:
      - name: town
        logicalType: string
        physicalType: text
        required: true
        primaryKey: true
        primaryKeyPosition: 1
        customProperties:
          - {property: homeroom.synonyms, value: [Town]}
      - name: rate
        logicalType: integer
        physicalType: bigint
        customProperties:
          - {property: homeroom.synonyms, value: [Rate]}
"""


class SampleDistrict(FolderTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drop = cls.folder / "drop"
        made = homeroom("sample", "--out", cls.drop, "--students", "300")
        assert made.returncode == 0, made.stderr
        cls.first = homeroom("run", cls.drop, "--data", cls.data, "--json")

    def test_every_file_is_loaded_and_its_rows_add_up(self):
        document = self.report(self.first, 0, 3)
        self.assertGreater(len(document["files"]), 15)
        for file in document["files"]:
            with self.subTest(file["path"]):
                self.assertEqual(file["status"], "loaded", file["reason"])

    def test_a_second_run_loads_nothing(self):
        document = self.run_json(self.drop, codes=(0,))
        self.assertEqual({f["status"] for f in document["files"]}, {"duplicate"})
        self.assertEqual(sum(f["rows"]["loaded"] for f in document["files"]), 0)

    def test_a_copy_under_another_name_changes_nothing(self):
        attendance = sorted(self.drop.rglob("attendance_*.csv"))[0]
        copy = attendance.with_name("attendance (1).csv")
        copy.write_bytes(attendance.read_bytes())
        try:
            document = self.run_json(copy, codes=(0,))
            self.assertEqual(document["files"][0]["status"], "duplicate")
        finally:
            copy.unlink()

    def test_each_table_row_names_its_run_and_line(self):
        rows = self.query("select count(*) as n, count(_run) as runs, min(_line) as line "
                          "from data.attendance_daily")
        self.assertGreater(rows[0]["n"], 10_000)
        self.assertEqual(rows[0]["n"], rows[0]["runs"])
        self.assertGreaterEqual(rows[0]["line"], 2)

    def test_the_rates_are_believable_and_one_row_a_school(self):
        rows = self.query("select * from report.attendance_rate_by_school")
        self.assertEqual(len(rows), 6)
        for row in rows:
            self.assertTrue(0.8 < row["attendance_rate"] < 1.0, row["school_id"])

    def test_explain_leads_back_to_the_line_of_the_file(self):
        row = self.query("select student_id, _line from data.students order by 1 limit 1")[0]
        finished = homeroom("explain", "students", row["student_id"], "--data", self.data,
                            "--json")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        origin = json.loads(finished.stdout)["rows"][0]
        self.assertEqual(origin["line"], row["_line"])
        self.assertIsNone(origin["trouble"])
        self.assertIn("student_id", [cell["column"] for cell in origin["cells"]])

    def test_sql_leads_back_to_the_file_too(self):
        row = self.query("select student_id, _line, _run from data.students order by 1 limit 1")[0]
        found = self.query(f"select * from homeroom.explain('students', '{row['student_id']}')")
        self.assertEqual([(f["is_standing"], f["line"], f["run_id"]) for f in found],
                         [(True, row["_line"], row["_run"])])
        self.assertIn("students", found[0]["path"])
        wrong = homeroom("sql", "select homeroom.explain('students', 'a', 'b')", "--data", self.data)
        self.assertIn("data.students is asked by 1 value(s), 2 given", wrong.stderr)

    def test_status_lists_the_runs(self):
        runs = json.loads(homeroom("status", "--data", self.data, "--json").stdout)["runs"]
        self.assertEqual({run["status"] for run in runs}, {"loaded"})

    def test_sql_cannot_change_anything(self):
        finished = homeroom("sql", "delete from data.students", "--data", self.data)
        self.assertEqual(finished.returncode, 6)
        self.assertIn("read-only", finished.stderr)

    def test_doctor_finds_nothing_wrong(self):
        finished = homeroom("doctor", "--data", self.data, "--json")
        self.assertEqual(finished.returncode, 0, finished.stdout)

    def test_nothing_is_left_running(self):
        state = homeroom("db", "stop", "--data", self.data)
        self.assertIn("was not running", state.stdout)

    def test_clean_gives_the_same_bytes_twice(self):
        for name in ("one", "two"):
            homeroom("clean", self.drop, "--out", self.folder / name)
        one = {p.relative_to(self.folder / "one"): p.read_bytes()
               for p in (self.folder / "one").rglob("*.csv")}
        two = {p.relative_to(self.folder / "two"): p.read_bytes()
               for p in (self.folder / "two").rglob("*.csv")}
        self.assertGreater(len(one), 15)
        self.assertEqual(one, two)


class OwnTables(FolderTest):
    def test_a_file_that_fits_nothing_gets_a_table_and_keeps_its_zeros(self):
        path = self.write("drop/bus_routes_2025-09-01.csv",
                          "Route,Stop Code,Seats\nA,00701,40\nB,00702,52\n")
        file = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual(file["tables"], ["data.bus_routes"])
        rows = self.query('select route, stop_code, seats from data.bus_routes order by 1')
        self.assertEqual(rows, [{"route": "A", "stop_code": "00701", "seats": 40},
                                {"route": "B", "stop_code": "00702", "seats": 52}])
        later = self.write("drop/bus_routes_2025-10-01.csv",
                           "Route,Stop Code,Seats\nA,00701,41\n")
        self.run_json(later, codes=(0,))
        self.assertEqual(self.query("select seats from data.bus_routes"), [{"seats": 41}])

    def test_the_file_of_one_school_year_does_not_replace_another_years(self):
        for year, rate in [("2022-23", 4), ("2023-24", 4), ("2024-25", 5), ("2024-25", 6)]:
            path = self.write(f"drop/rates_{year}.csv", f"Town,Rate\nUpton,{rate}\n")
            file = self.run_json(path, codes=(0,))["files"][0]
            self.assertEqual(file["status"], "loaded", file["reason"])
        self.assertEqual(self.query("select school_year, rate from data.rates order by 1"),
                         [{"school_year": 2023, "rate": 4}, {"school_year": 2024, "rate": 4},
                          {"school_year": 2025, "rate": 6}])

    def test_bytes_of_a_size_that_came_before_are_told_apart(self):
        path = self.write("drop/tolls.csv", "Town,Rate\nUpton,4\n")
        first = self.run_json(path, codes=(0,))["files"][0]
        again = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual((again["status"], again["duplicate_of"]), ("duplicate", first["run"]))
        self.assertEqual(again["tables"], ["data.tolls"])
        self.write("drop/tolls.csv", "Town,Rate\nUpton,5\n")
        other = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual((other["status"], other["bytes"]), ("loaded", first["bytes"]))
        self.assertEqual(self.query("select rate from data.tolls"), [{"rate": 5}])
        # What was loaded before counts again when it comes again, and when it is read otherwise.
        self.write("drop/tolls.csv", "Town,Rate\nUpton,4\n")
        self.assertEqual(self.run_json(path, codes=(0,))["files"][0]["status"], "loaded")
        self.write("own/tolls.odcs.yaml", RATES)
        taken = self.run_json(path, "--contracts", self.folder / "own", codes=(0,))["files"][0]
        self.assertEqual((taken["status"], taken["dataset"]), ("loaded", "town_rates"))

    def test_passwords_are_in_no_table_and_the_report_says_so(self):
        path = self.write("drop/logins.csv", "Login,Password\nada,Swordfish1\n")
        file = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual([i["column"] for i in file["issues"] if i["rule"] == "secret_column"],
                         ["Password"])
        self.assertEqual(list(self.query("select * from data.logins")[0])[0], "login")
        self.assertNotIn("Swordfish1", json.dumps(self.query("select * from data.logins")))

    def test_a_column_named_as_a_date_without_any_date_does_not_hold_the_file(self):
        path = self.write("drop/scores_2024-25.csv",
                          "Student ID,Test,Test Date,Scale Score\n"
                          + "".join(f"00{i},Reading,0523,{400 + i}\n" for i in range(5)))
        file = self.run_json(path, codes=(0,))["files"][0]
        self.assertEqual((file["dataset"], file["rows"]["loaded"]), ("assessment_results", 5))
        self.assertIn("none of its 5 values is a date", file["issues"][0]["message"])
        row = self.query("select administration_date as day, more_columns->>'Test Date' as kept "
                         "from data.assessment_results where student_id = '001'")[0]
        self.assertEqual(row, {"day": None, "kept": "0523"})

    def test_a_file_wider_than_a_table_loses_nothing(self):
        names = [f"question {i}" for i in range(1, 1900)]
        path = self.write("drop/survey.csv",
                          ",".join(names) + "\n" + ",".join(str(i) for i in range(1, 1900)) + "\n")
        self.run_json(path, codes=(0,))
        row = self.query("select question_1, more_columns->>'question 1899' as last "
                         "from data.survey")[0]
        self.assertEqual(row, {"question_1": 1, "last": "1899"})

    def test_long_names_that_collide_after_63_bytes_stay_apart(self):
        stem = "percentage of students who agree that the school is a safe place number "
        path = self.write("drop/climate.csv", f"{stem}one,{stem}two\n1,2\n")
        self.run_json(path, codes=(0,))
        names = self.query("select attname as name from pg_attribute where attrelid = "
                           "'data.climate'::regclass and attnum > 0 and attname like 'percent%'")
        self.assertEqual(len({row["name"] for row in names}), 2)

    def test_a_database_that_is_not_there_is_exit_code_6(self):
        path = self.write("drop/x.csv", "a,b\n1,2\n")
        finished = homeroom("run", path, "--data", self.data, "--db",
                            "postgresql://nobody@127.0.0.1:1/none")
        self.assertEqual(finished.returncode, 6)
        self.assertIn("cannot reach PostgreSQL", finished.stderr)


if __name__ == "__main__":
    unittest.main()
