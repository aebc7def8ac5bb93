"""What a backup holds comes back, to the row, and loads go on from there."""

import json
import subprocess
import unittest

from support import FolderTest, homeroom


class Backup(FolderTest):
    def psql(self, data, sql):
        url = homeroom("db", "url", "--role", "admin", "--data", data).stdout.strip()
        return subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", url, "-c", sql],
                              check=True, capture_output=True, text=True).stdout.splitlines()

    def start(self, data):
        self.assertEqual(homeroom("db", "start", "--data", data).returncode, 0)
        self.addCleanup(lambda: homeroom("db", "stop", "--data", data))

    def rows(self, data):
        tables = self.psql(data, "select schemaname || '.' || quote_ident(tablename) from pg_tables "
                                 "where schemaname in ('data', 'history', 'homeroom', 'setting') "
                                 "order by 1")
        return {t: self.psql(data, f"select t::text from {t} as t order by 1") for t in tables}

    def privileges(self, data):
        return self.psql(data, "select n.nspname, c.relname, c.relowner::regrole, c.relacl "
                               "from pg_class as c join pg_namespace as n on n.oid = c.relnamespace "
                               "where n.nspname in ('data', 'homeroom', 'report') order by 1, 2")

    def test_all_of_it_comes_back(self):
        drop, backup, new = self.folder / "drop", self.folder / "backup", self.folder / "new"
        homeroom("sample", "--out", drop, "--students", "60")
        self.start(self.data)
        self.run_json(drop)
        made = homeroom("backup", "backup", "--data", self.data, "--json", cwd=self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        first = json.loads(made.stdout)
        self.assertEqual(first["copied"], first["objects"])
        # What came since is added; nothing is copied twice.
        self.run_json(self.write("drop2/buses.csv", "Bus,Seats\nA,40\n"))
        second = json.loads(homeroom("backup", backup, "--data", self.data, "--json").stdout)
        self.assertEqual(second["objects"] - first["objects"], second["copied"])
        self.assertEqual(len(list(backup.glob("database-*"))), 1)
        before = self.rows(self.data)
        restored = homeroom("restore", "backup", "--data", "new", "--json", cwd=self.folder)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertTrue(json.loads(restored.stdout)["agrees"])
        self.start(new)
        after = self.rows(new)
        self.assertEqual(list(after), list(before))
        for table in before:
            with self.subTest(table):
                self.assertEqual(after[table], before[table])
        self.assertEqual(self.privileges(new), self.privileges(self.data))
        again = self.report(homeroom("run", drop, "--data", new, "--json"), 0)
        self.assertEqual({f["status"] for f in again["files"]}, {"duplicate"})
        more = self.write("drop2/buses.csv", "Bus,Seats,Driver\nA,41,Jo\n")
        self.report(homeroom("run", more, "--data", new, "--json"), 0)

    def test_what_is_no_backup_or_no_empty_place_is_refused(self):
        refused = homeroom("restore", self.folder, "--data", self.folder / "x")
        self.assertEqual(refused.returncode, 4)
        self.assertIn("holds no backup that can be restored: there is no backup.json", refused.stderr)
        data, backup = self.folder / "d2", self.folder / "b2"
        file = self.write("drop3/buses.csv", "Bus,Seats\nA,40\n")
        homeroom("run", file, "--data", data)
        self.assertEqual(homeroom("backup", backup, "--data", data).returncode, 0)
        taken = homeroom("restore", backup, "--data", data)
        self.assertEqual(taken.returncode, 2)
        self.assertIn("has files already", taken.stderr)
        dump = next(backup.glob("database-*"))
        dump.write_bytes(dump.read_bytes()[:-1] + b"x")
        torn = homeroom("restore", backup, "--data", self.folder / "d3")
        self.assertEqual(torn.returncode, 4)
        self.assertIn("is not the file that was written", torn.stderr)


if __name__ == "__main__":
    unittest.main()
