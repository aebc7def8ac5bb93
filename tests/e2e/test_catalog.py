"""What the catalog says of data sets, and what it does not tell."""

import json
import unittest

from support import FolderTest, homeroom


class Catalog(FolderTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        homeroom("db", "start", "--data", cls.data)
        cls.drop = cls.folder / "drop"
        homeroom("sample", "--out", cls.drop, "--students", "120")
        homeroom("run", cls.drop, "--data", cls.data)

    def catalog(self, *arguments, code=0):
        finished = homeroom("catalog", *arguments, "--data", self.data, "--json")
        self.assertEqual(finished.returncode, code, finished.stderr)
        return json.loads(finished.stdout) if code == 0 else finished.stderr

    def test_the_list_counts_files_and_versions(self):
        datasets = {d["dataset"]: d for d in self.catalog("list")["datasets"]}
        runs = self.query("select dataset, count(*) as n from homeroom.run "
                          "where status = 'loaded' group by 1")
        for run in runs:
            self.assertEqual(datasets[run["dataset"]]["files"], run["n"])
            self.assertGreaterEqual(datasets[run["dataset"]]["version"], 1)

    def test_columns_are_counted_and_values_of_students_are_not_told(self):
        shown = self.catalog("show", "students")
        columns = {c["name"]: c for c in shown["columns"]}
        count = self.query("select count(*) as n, count(distinct student_id) as ids, "
                           "count(*) - count(middle_name) as empty from data.students")[0]
        self.assertEqual((shown["rows"], columns["student_id"]["distinct"],
                          columns["middle_name"]["nulls"]),
                         (count["n"], count["ids"], count["empty"]))
        self.assertEqual(columns["student_id"]["key_position"], 1)
        text = json.dumps(shown)
        for row in self.query("select student_id, last_name from data.students limit 20"):
            for value in row.values():
                self.assertNotIn(f'"{value}"', text)
        self.assertEqual((columns["last_name"]["top"], columns["last_name"]["min"]), ([], None))

    def test_frequent_codes_and_ends_are_told(self):
        shown = self.catalog("show", "attendance_daily")
        columns = {c["name"]: c for c in shown["columns"]}
        expected = self.query("select status::text as value, count(*) as count from "
                              "data.attendance_daily where status is not null group by 1 "
                              "having count(*) >= 10 order by 2 desc, 1 limit 5")
        self.assertEqual(columns["status"]["top"], expected)
        years = self.query("select school_year as school_year, count(*) as rows from "
                           "data.attendance_daily group by 1 order by 1")
        self.assertEqual([(p["school_year"], p["rows"]) for p in shown["partitions"]],
                         [(str(y["school_year"]), y["rows"]) for y in years])
        self.assertIn("report.attendance_rate_by_school", shown["read_by"])
        self.assertIn("report.chronic_absence_by_school", shown["read_by"])
        self.assertEqual(sum(s["files"] for s in shown["sources"]), shown["files"])

    def test_versions_of_a_schema_are_compared(self):
        for name, text in [("01", "Bus,Seats\nA,40\n"), ("08", "Bus,Seats,Driver\nA,40.5,Jo\n")]:
            self.run_json(self.write(f"drop2/buses_2025-09-{name}.csv", text), codes=(0,))
        diff = self.catalog("diff", "buses", "1", "2")["differences"]
        self.assertEqual([(d["column"], d["what"]) for d in diff],
                         [("seats", "changed"), ("driver", "added")])
        whats = [e["what"] for e in self.catalog("history", "buses")["events"]]
        self.assertEqual((whats.count("loaded"), whats.count("schema")), (2, 2))
        self.assertEqual(whats.count("migration"), 3)
        self.assertIn("it has versions 1 to 2", self.catalog("diff", "buses", "1", "9", code=4))
        # Nobody has said what is private in a table of no contract.
        self.assertNotIn("Jo", json.dumps(self.catalog("show", "buses")))

    def test_a_misspelt_data_set_is_told_the_nearest(self):
        self.assertIn("did you mean students?", self.catalog("show", "student", code=4))

    def test_comments_in_the_database_are_those_of_the_contracts(self):
        shown = self.catalog("show", "students")
        self.assertTrue(shown["description"])
        described = [c for c in shown["columns"] if c["description"]]
        self.assertGreater(len(described), len(shown["columns"]) // 2)


if __name__ == "__main__":
    unittest.main()
