"""clean, then load, each in a process of its own, elsewhere and without the raw files: the same
tables and the same ledger as `homeroom run`, to the row."""

import hashlib
import json
import subprocess
import unittest

from support import FolderTest, homeroom

# What differs from run to run: times, and whether the raw bytes are kept here.
VOLATILE = ["seconds", "started_at", "finished_at", "created_at", "applied_at", "asked_at",
            "decided_at", "first_arrived_at", "last_arrived_at", "recorded_at", "raw_key",
            "is_written", "since", "_superseded_at"]
LEDGER = ["dataset", "schema_version", "slot", "run", "run_table", "arrival", "change", "issue",
          "column_statistic", "load_volume", "pending_row", "quarantine_file", "migration",
          "table_shape"]


class Stages(FolderTest):
    def psql(self, data, sql):
        url = homeroom("db", "url", "--data", data).stdout.strip()
        return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", url, "-c", sql],
                              check=True, capture_output=True, text=True).stdout.splitlines()

    def tables(self, data):
        found = self.psql(data, "select schemaname || '.' || quote_ident(tablename) from pg_tables "
                                "where schemaname in ('data', 'history') order by 1")
        rows = {}
        for table in found + [f"homeroom.{name}" for name in LEDGER]:
            rows[table] = self.psql(
                data, f"select (to_jsonb(t) - '{{{','.join(VOLATILE)}}}'::text[])::text "
                      f"from {table} as t order by 1")
        return rows

    def start(self, name):
        data = self.folder / name
        started = homeroom("db", "start", "--data", data)
        self.assertEqual(started.returncode, 0, started.stderr)
        self.addCleanup(lambda: homeroom("db", "stop", "--data", data))
        return data

    def assert_same(self, one, two):
        one, two = self.tables(one), self.tables(two)
        self.assertEqual(list(one), list(two))
        for table in one:
            with self.subTest(table):
                self.assertEqual(one[table], two[table])
        return one

    def clean(self, *paths, store, codes=(0, 3)):
        finished = homeroom("clean", *paths, "--out", store, "--json")
        self.assertIn(finished.returncode, codes, finished.stderr)

    def load(self, store, data, *codes, extra=()):
        return self.report(homeroom("load", store, "--data", data, "--json", *extra), *codes)

    def test_a_sample_district_comes_out_the_same(self):
        drop = self.folder / "drop"
        homeroom("sample", "--out", drop, "--students", "120")
        fused, apart = self.start("fused"), self.start("apart")
        self.report(homeroom("run", drop, "--data", fused, "--json"), 0, 3)
        self.clean(drop, store=self.folder / "here")
        drop.rename(self.folder / "hidden")
        (self.folder / "here").rename(self.folder / "there")
        first = self.load(self.folder / "there", apart)
        self.assertGreater(len(first["files"]), 15)
        self.assertEqual({f["status"] for f in first["files"]}, {"loaded"})
        rows = self.assert_same(fused, apart)
        self.assertGreater(len(rows["data.attendance_daily"]), 1000)
        # Once more, and by way of the raw files: nothing is loaded twice.
        again = self.load(self.folder / "there", apart, 0)
        self.assertEqual({f["status"] for f in again["files"]}, {"duplicate"})
        (self.folder / "hidden").rename(drop)
        raw = self.report(homeroom("run", drop, "--data", apart, "--json"), 0)
        self.assertEqual({f["status"] for f in raw["files"]}, {"duplicate"})
        for table in ("data.attendance_daily", "data.students", "homeroom.run"):
            self.assertEqual(self.tables(apart)[table], rows[table])

    def objects(self, data):
        """What lies in the store, but for the reports, which say how long things took."""
        store = data / "store"
        return {str(p.relative_to(store)): hashlib.sha256(p.read_bytes()).hexdigest()
                for folder in ("raw", "clean", "quarantine") for p in (store / folder).rglob("*")
                if p.is_file()}

    def test_files_that_are_cleaned_ahead_come_out_the_same(self):
        """With two threads the next file is cleaned while one is loaded; with one it is not."""
        drop = self.folder / "drop7"
        homeroom("sample", "--out", drop, "--students", "40", "--seed", "7")
        header = "student_id,school_id,date,status\n"
        for number in range(12):
            rows = "".join(f"{s:07d},010,2025-09-{number + 1:02d},{'AP'[s % 2]}\n" for s in range(20))
            self.write(f"drop7/more/attendance_day_{number:02d}.csv", header + rows + "\n" * (number % 3))
        # Bytes that came already, next to each other and not; an empty one; a date nobody can read.
        self.write("drop7/more/attendance_day_03_copy.csv", (drop / "more/attendance_day_03.csv").read_text())
        self.write("drop7/more/attendance_day_11_z.csv", (drop / "more/attendance_day_00.csv").read_text())
        self.write("drop7/more/attendance_day_04_empty.csv", "")
        self.write("drop7/more/attendance_day_05_bad.csv", header + "0000001,010,nobody knows,A\n")
        # The later one of these is read as the earlier one told.
        self.write("drop7/order/attendance_w_1.csv", header + "".join(
            f"{s:07d},010,{d:02d}/09/2025,A\n" for s in range(9) for d in (1, 22, 30)))
        self.write("drop7/order/attendance_w_2.csv", header + "".join(
            f"{s:07d},010,{d:02d}/10/2025,A\n" for s in range(8) for d in (1, 2, 9)))
        one, two = self.start("one"), self.start("two")
        for data, threads in ((one, 1), (two, 2)):
            self.report(homeroom("run", drop, "--data", data, "--threads", threads, "--json"), 4)
        self.assert_same(one, two)
        self.assertEqual(self.objects(one), self.objects(two))
        self.assertFalse(list((two / "attempts").iterdir()))

    def test_a_crawl_of_the_clean_files_has_the_types_of_the_tables(self):
        drop, store, data = self.folder / "drop5", self.folder / "store5", self.start("data5")
        homeroom("sample", "--out", drop, "--students", "60")
        self.clean(drop, store=store)
        self.report(homeroom("load", store, "--data", data, "--json"), 0, 3)
        crawled = homeroom("crawl", store, "--json")
        self.assertEqual(crawled.returncode, 0, crawled.stderr)
        found = json.loads(crawled.stdout)["datasets"]
        self.assertGreater(len(found), 10)
        for dataset in found:
            with self.subTest(dataset["dataset"]):
                # The marks of the second half of the year bring a column of their own.
                self.assertEqual(dataset["disagreements"], ["the contract has no column citizenship"]
                                 if dataset["dataset"] == "course_marks" else [])
                catalog = json.loads((store / dataset["catalog"]).read_text())
                types = dict(row.split("|") for row in self.psql(
                    data, "select column_name, data_type from information_schema.columns "
                          f"where table_schema = 'data' and table_name = '{dataset['dataset']}'"))
                types = {k: v.replace("timestamp with time zone", "timestamptz")
                         for k, v in types.items()}
                for column in catalog["columns"]:
                    self.assertEqual(types[column["name"]], column["type"], column["name"])
                rows = self.psql(data, f"select count(*) from data.{dataset['dataset']}")
                self.assertEqual([str(dataset["rows"])], rows)

    def test_clean_files_of_others_are_crawled_and_what_is_wrong_is_said(self):
        self.write("lake/visits/a.csv", "visit,room,seen\n1,007,2025-09-01\n2,010,\n")
        self.write("lake/visits/b.csv", "visit,room,seen\n3.5,none,2025-09-02\n")
        self.write("lake/students/c.csv", "student_id,grade_level,shoe_size\n1,05,38\n")
        self.write("lake/students/d.csv", "student_id,grade_level\n1,05,38\n")
        crawled = homeroom("crawl", self.folder / "lake", "--json")
        self.assertEqual(crawled.returncode, 4)
        students, visits = json.loads(crawled.stdout)["datasets"]
        self.assertIn("the contract has no column shoe_size", students["disagreements"])
        self.assertIn("students/d.csv: line 2 has another number of fields", students["unreadable"][0])
        catalog = json.loads((self.folder / "lake" / visits["catalog"]).read_text())
        self.assertEqual([(c["name"], c["type"], c["rows"], c["nulls"]) for c in catalog["columns"]],
                         [("visit", "numeric", 3, 0), ("room", "text", 3, 0), ("seen", "date", 3, 1)])

    def test_revisions_names_waiting_and_held_files_come_out_the_same(self):
        fused, apart = self.start("fused2"), self.start("apart2")
        store = self.folder / "store2"
        students = "Student ID,Last Name,First Name,Grade Level,School ID\n"
        steps = [
            ("sis/students.csv", students + "".join(f"00{i},Ada,Lovelace,05,010\n"
                                                    for i in range(20))),
            ("sis/visits_2025-09.csv", "Visit,Room\n1,A\n2,B\n"),
            ("sis/visits_2025-10.csv", "Visit,Room\n1,A\n2,C\n3,D\n"),      # a later revision
            ("sis/copy of visits_2025-10.csv", "Visit,Room\n1,A\n2,C\n3,D\n"),
            ("other/visits_2025-10.csv", "Visit,Room\n1,A\n2,C\n3,D\n"),    # another source
            ("sis/nothing.csv", ""),                                        # refused
            ("sis/discipline.csv", "Incident ID,Student ID,Incident Date,Behavior\n"
             + "".join(f"I{i},00{i},09/1{i % 9}/2025,Fighting\n" for i in range(25))),
        ]
        paths = [self.write(name, text) for name, text in steps]
        for path in paths:
            homeroom("run", path, "--data", fused)
            self.clean(path, store=store, codes=(0, 3, 4))
        self.load(store, apart, 0, 3, 4)
        rows = self.assert_same(fused, apart)
        runs = [json.loads(row) for row in rows["homeroom.run"]]
        self.assertIn("refused", {run["status"] for run in runs})
        # What is held or refused is recorded once, however often it is loaded.
        self.load(store, apart, 0, 3, 4)
        self.assertEqual(len(self.tables(apart)["homeroom.run"]), len(runs))

    def test_what_it_was_cleaned_by_must_be_in_force_where_it_is_loaded(self):
        data = self.start("data3")
        store = self.folder / "store3"
        self.clean(self.write("sis3/students.csv", "Student ID,Last Name,First Name,Grade Level\n"
                              "001,Lovelace,Ada,05\n"), store=store)
        self.write("contracts/students.odcs.yaml",
                   "apiVersion: v3.1.0\nkind: DataContract\nid: students\nname: students\n"
                   "version: 9.0.0\nstatus: active\nschema:\n  - name: students\n"
                   "    properties:\n      - {name: grade_level, description: Another word}\n")
        extra = ("--contracts", self.folder / "contracts")
        file = self.load(store, data, 4, extra=extra)["files"][0]
        self.assertEqual(file["status"], "held")
        self.assertIn("cleaned by another contract students", file["reason"])
        self.assertEqual(self.load(store, data, 0)["files"][0]["status"], "loaded")

    def test_a_folder_that_is_no_store_says_what_to_do(self):
        finished = homeroom("load", self.folder, "--data", self.folder / "none")
        self.assertEqual(finished.returncode, 2)
        self.assertIn("is no folder that `homeroom clean --out` wrote", finished.stderr)
        (self.folder / "bad" / "runs").mkdir(parents=True)
        self.write("bad/runs/x.load.json", "{}")
        finished = homeroom("load", self.folder / "bad", "--data", self.folder / "none")
        self.assertEqual(finished.returncode, 4)
        self.assertIn("runs/x.load.json cannot be read: it is no manifest", finished.stderr)


if __name__ == "__main__":
    unittest.main()
