"""A file beside earlier ones of its kind: rows, empty cells, codes, drift; and school days."""

import datetime
import unittest

from support import FolderTest, homeroom

HEADER = "Student ID,School ID,Date,Status,Minutes Absent\n"


def weekdays(first, count):
    day = datetime.date.fromisoformat(first)
    while count > 0:
        if day.weekday() < 5:
            yield day
            count -= 1
        day += datetime.timedelta(days=1)


def rows(day, count, status=lambda i: "A" if i % 5 else "T", minutes=lambda i: 30 + i % 300):
    return "".join(f"{i:05},010,{day},{status(i)},{minutes(i)}\n" for i in range(count))


class HistoryTest(FolderTest):
    def setUp(self):
        type(self).data = self.folder / f"data_{self._testMethodName}"

    def tearDown(self):
        homeroom("db", "stop", "--data", self.data)

    def day_file(self, day, content):
        return self.write(f"{self._testMethodName}/att_{day}.csv", HEADER + content)

    def load_days(self, first, count, make):
        paths = [self.day_file(day, make(day)) for day in weekdays(first, count)]
        return self.run_json(*paths, codes=(0, 3, 4))["files"]

    def load(self, day, content, *codes, extra=()):
        return self.run_json(self.day_file(day, content), codes=codes or (0,),
                             extra=extra)["files"][0]

    @staticmethod
    def found(file, rule):
        return [i for i in file["issues"] if i["rule"] == rule]


class Volume(HistoryTest):
    def test_a_drop_of_half_is_held_once_five_files_are_known(self):
        for file in self.load_days("2025-09-01", 5, lambda day: rows(day, 100)):
            self.assertEqual((file["status"], self.found(file, "volume")), ("loaded", []))
        file = self.load("2025-09-08", rows("2025-09-08", 50), 4)
        self.assertEqual((file["status"], file["rows"]["pending"]), ("held", 50))
        self.assertIn("50 rows, 50 % fewer than the 100 that the last 5 files had", file["reason"])
        self.assertEqual(self.query("select count(*) as n from data.attendance_daily "
                                    "where date = '2025-09-08'")[0]["n"], 0)
        # What was held is no history, and the whole file is taken.
        file = self.load("2025-09-08", rows("2025-09-08", 98))
        self.assertEqual(file["rows"]["loaded"], 98)
        file = self.load("2025-09-09", rows("2025-09-09", 70))
        self.assertEqual((file["status"], self.found(file, "volume")[0]["severity"]),
                         ("loaded", "warning"))

    def test_four_files_are_too_few_to_judge_by(self):
        self.load_days("2025-09-01", 4, lambda day: rows(day, 100))
        file = self.load("2025-09-05", rows("2025-09-05", 10))
        self.assertEqual((file["status"], self.found(file, "volume")), ("loaded", []))

    def test_an_empty_file_and_a_doubled_one_are_held(self):
        self.load_days("2025-09-01", 5, lambda day: rows(day, 100))
        self.assertEqual(self.load("2025-09-08", "", 4)["status"], "held")
        self.assertEqual(self.load("2025-09-08", rows("2025-09-08", 100) * 2, 4)["status"], "held")

    def test_a_contract_says_how_loud_and_from_where(self):
        self.write("district/a.odcs.yaml", """apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
schema:
  - name: attendance_daily
    customProperties:
      - property: homeroom.loadChecks
        value: {volume: {severity: warn, minLoads: 2}}
""")
        extra = ("--contracts", self.folder / "district")
        for day in weekdays("2025-09-01", 2):
            self.load(day, rows(day, 100), extra=extra)
        file = self.load("2025-09-03", rows("2025-09-03", 10), extra=extra)
        self.assertEqual((file["status"], self.found(file, "volume")[0]["severity"]),
                         ("loaded", "warning"))


class Columns(HistoryTest):
    def test_more_empty_cells_new_codes_drift_and_a_missing_column_are_warned_of(self):
        self.load_days("2025-09-01", 6, lambda day: rows(day, 300))
        usual = self.load("2025-09-09", rows("2025-09-09", 300))
        self.assertEqual([i for i in usual["issues"] if i["severity"] != "info"], [])

        empty = self.load("2025-09-10", rows("2025-09-10", 300,
                                             minutes=lambda i: "" if i < 60 else 30 + i))
        self.assertIn("minutes_absent is empty in 20 % of the rows, in earlier files in 0 %",
                      [i["message"] for i in self.found(empty, "null_rate")])
        codes = self.load("2025-09-11", rows("2025-09-11", 300,
                                             status=lambda i: "ISS" if i == 7 else "AT"[i % 5 == 0]))
        self.assertEqual([i["message"] for i in self.found(codes, "new_codes")],
                         ["status has a code that no earlier file had: in_school_suspension"])
        drift = self.load("2025-09-12", rows("2025-09-12", 300, minutes=lambda i: 1 + i % 30))
        self.assertEqual([i["column"] for i in self.found(drift, "drift")], ["minutes_absent"])
        self.write(f"{self._testMethodName}/att_2025-09-15.csv",
                   "Student ID,School ID,Date,Status\n" + "".join(
                       f"{i:05},010,2025-09-15,{'A' if i % 5 else 'T'}\n" for i in range(300)))
        lacking = self.run_json(self.folder / f"{self._testMethodName}/att_2025-09-15.csv",
                                codes=(0,))["files"][0]
        self.assertEqual([i["column"] for i in self.found(lacking, "null_rate")],
                         ["minutes_absent"])
        kept = self.query("select num_rows, num_nulls, counts from homeroom.column_statistic as s "
                          f"where run_id = {codes['run']} and column_name = 'status'")[0]
        self.assertEqual((kept["num_rows"], kept["num_nulls"]), (300, 0))


class SchoolDays(HistoryTest):
    CALENDAR = ("School Year,School ID,Date,Is School Day\n2025-26,010,2025-11-10,Y\n"
                "2025-26,010,2025-11-11,N\n2025-26,010,2025-11-13,Y\n")

    def test_rows_of_a_day_without_school_are_warned_of_or_quarantined(self):
        calendar = self.write(f"{self._testMethodName}/calendar.csv", self.CALENDAR)
        self.assertEqual(self.run_json(calendar, codes=(0,))["files"][0]["dataset"], "calendar")
        content = ("1,010,2025-11-10,A,\n1,010,2025-11-11,A,\n1,010,2025-11-12,A,\n"
                   "1,010,2025-11-14,A,\n1,020,2025-11-11,A,\n")
        file = self.load("a", content)
        self.assertEqual([(i["line"], i["severity"], i.get("field")) for i in
                          self.found(file, "school_day") if i["line"]],
                         [(3, "warning", 3), (4, "warning", 3)])
        self.assertEqual(file["rows"]["loaded"], 5)
        self.write("strict/a.odcs.yaml", """apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
schema:
  - name: attendance_daily
    customProperties:
      - property: homeroom.loadChecks
        value: {schoolDay: {severity: quarantine}}
""")
        file = self.load("b", content.replace("1,0", "2,0"), 3,
                         extra=("--contracts", self.folder / "strict"))
        self.assertEqual((file["rows"]["loaded"], file["rows"]["quarantined"]), (3, 2))


if __name__ == "__main__":
    unittest.main()
