"""Files whose shape changes: what is made, what waits, what a person decides."""

import json
import random
import subprocess
import unittest

from support import FolderTest, homeroom

ROOMS = [f"R{i:03}" for i in range(30)]


def visits(place, seen="2025-09-{:02}", count=60):
    rows = random.Random(7)
    lines = [f"Visit,{place},Minutes,Seen"]
    lines += [f"V{i},{rows.choice(ROOMS)},{i % 40},{seen.format(i % 28 + 1)}" for i in range(count)]
    return "\n".join(lines) + "\n"


class Migrations(FolderTest):
    """One database, which stays up: each test has a table of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        started = homeroom("db", "start", "--data", cls.data)
        assert started.returncode == 0, started.stderr

    def migrate(self, *arguments, code=0):
        finished = homeroom("migrate", *arguments, "--data", self.data, "--json")
        self.assertEqual(finished.returncode, code, finished.stderr + finished.stdout)
        return json.loads(finished.stdout) if finished.stdout else finished.stderr

    def waiting(self, table):
        """The only migration of the table that waits."""
        waiting, = [w for w in self.migrate("plan", code=5)["waiting"] if w["table"] == table]
        return waiting

    def load(self, name, content, code=0):
        return self.run_json(self.write(f"drop/{name}", content), codes=(code,))["files"][0]

    def test_a_renamed_column_waits_and_is_loaded_by_the_run_after_apply(self):
        self.load("rides_2025-09.csv", visits("Room"))
        file = self.load("rides_2025-10.csv", visits("Place"), code=5)
        self.assertEqual((file["status"], file["rows"]["pending"]), ("waiting", 60))
        self.assertIn("rename column room to place", file["reason"])
        for value in ROOMS:
            self.assertNotIn(value, json.dumps(file["issues"]) + file["reason"])
        waiting = self.waiting("rides")
        self.assertEqual((waiting["kind"], waiting["table"]), ("rename_column", "rides"))
        self.assertEqual(waiting["preview"]["rows"], 60)
        self.assertEqual(waiting["files"], [str(self.folder / "drop/rides_2025-10.csv")])
        stored = self.data / "store" / waiting["file"]
        self.assertTrue(stored.read_text().endswith(waiting["sql"]))
        down = stored.with_name(stored.name.replace(".sql", ".down.sql"))
        self.assertTrue(down.read_text().endswith(waiting["reverse_sql"]))
        # Waiting twice is waiting once.
        self.load("rides_2025-10.csv", visits("Place"), code=5)
        self.assertEqual(self.waiting("rides")["id"], waiting["id"])

        applied = self.migrate("apply", waiting["id"], "--by", "Ada")["migration"]
        self.assertEqual((applied["status"], applied["decided_by"]), ("applied", "Ada"))
        self.assertEqual(applied["files"], [str(self.folder / "drop/rides_2025-10.csv")])
        self.assertEqual(self.query("select count(place) as n from data.rides"), [{"n": 60}])
        file = self.load("rides_2025-10.csv", visits("Place"))
        self.assertEqual(file["status"], "loaded")
        self.assertEqual([w for w in self.migrate("plan")["waiting"] if w["table"] == "rides"], [])
        self.assertEqual(self.migrate("apply", waiting["id"], code=4).split("\n")[0],
                         f"homeroom: migration {waiting['id']} ({waiting['description']}) does "
                         "not wait: it is applied")

    def test_a_refused_rename_is_a_new_column(self):
        self.load("walks_2025-09.csv", visits("Room"))
        self.load("walks_2025-10.csv", visits("Place"), code=5)
        waiting = self.waiting("walks")
        self.migrate("refuse", waiting["id"])
        file = self.load("walks_2025-10.csv", visits("Place"))
        self.assertEqual(file["status"], "loaded")
        self.assertEqual(self.query("select count(place) as new, count(room) as old "
                                    "from data.walks"), [{"new": 60, "old": 0}])

    def test_plan_says_what_files_would_change_and_loads_nothing(self):
        self.load("calls_2025-09.csv", visits("Room"))
        grown = visits("Room").replace("Seen\n", "Seen,Nurse\n", 1).replace("\nV", ",Jo\nV")
        grown = grown.replace("Nurse,Jo", "Nurse").rstrip("\n") + ",Jo\n"
        paths = [self.write("drop/calls_2025-10.csv", grown),
                 self.write("drop/calls_2025-11.csv", visits("Room", seen="1{:03}")),
                 self.folder / "drop/none.csv"]
        plan = self.migrate("plan", *paths, code=4)
        status = {p["path"].rsplit("/", 1)[1]: p["status"] for p in plan["files"]}
        self.assertEqual(status, {"calls_2025-10.csv": "fits", "calls_2025-11.csv": "waiting",
                                  "none.csv": "refused"})
        changes = {p["path"].rsplit("/", 1)[1]: [c["description"] for c in p["changes"]]
                   for p in plan["files"]}
        self.assertEqual(changes["calls_2025-10.csv"], ["add column nurse (text)"])
        waiting, = [w for w in plan["waiting"] if w["table"] == "calls"]
        self.assertEqual(waiting["kind"], "change_type")
        self.assertEqual(self.query("select count(*) as n from homeroom.run "
                                    "where dataset = 'calls'"), [{"n": 1}])
        self.assertEqual(list((self.data / "store" / "clean").rglob("calls_2025-1[01]*")), [])
        # What plan wrote down can be applied before any file has waited.
        self.migrate("apply", waiting["id"])
        self.assertEqual(self.migrate("plan", paths[1])["files"][0]["status"], "fits")

    def test_every_step_of_a_tables_life_can_be_taken_back(self):
        self.load("talks_2025-09.csv", visits("Room"))
        self.load("talks_2025-10.csv", visits("Room").replace(",1,", ",1.5,"))
        history = [m for m in self.migrate("history")["migrations"] if m["table"] == "talks"]
        self.assertEqual([m["kind"] for m in history], ["create_table", "widen_column"])
        message = self.migrate("revert", history[1]["id"], code=4)
        self.assertIn("have a minutes that is no bigint", message)
        message = self.migrate("revert", history[0]["id"], code=4)
        self.assertIn(f"`homeroom migrate revert {history[1]['id']}` first", message)

    def test_a_table_that_somebody_altered_is_left_alone(self):
        self.load("games_2025-09.csv", visits("Room"))
        url = homeroom("db", "url", "--data", self.data).stdout.strip()
        alter = lambda sql: subprocess.run(
            ["psql", "-qX", "-v", "ON_ERROR_STOP=1", url, "-c", f"set role homeroom_owner; {sql}"],
            check=True, capture_output=True)
        alter("create index on data.games (seen)")
        file = self.load("games_2025-10.csv", visits("Room", count=61))
        self.assertIn("somebody else altered data.games: index games_seen_idx was added",
                      [i["message"] for i in file["issues"]])
        # Now it needs a change, which would take the index for ours.
        grown = visits("Room").replace("Minutes", "Length")
        self.assertEqual(self.load("games_2025-11.csv", grown, code=5)["status"], "waiting")
        alter("alter table data.games drop column room")
        file = self.load("games_2025-12.csv", visits("Room", count=62), code=5)
        self.assertIn("left alone: column room was dropped", file["reason"])
        self.assertEqual(self.query("select count(*) as n from data.games"), [{"n": 61}])
        self.assertEqual([t["table"] for t in self.migrate("plan", code=5)["tables"]], ["games"])
        accepted = homeroom("migrate", "accept", "games", "--data", self.data)
        self.assertEqual(accepted.returncode, 0, accepted.stderr)
        file = self.load("games_2025-12.csv", visits("Room", count=62))
        self.assertEqual(file["status"], "loaded")
        self.assertEqual(self.query("select count(room) as n from data.games"), [{"n": 62}])

    def test_a_contract_that_changes_key_or_type_waits_and_says_which(self):
        folder = self.folder / "contracts"
        contract = """apiVersion: v3.1.0
kind: DataContract
id: trips
name: trips
version: 1.0.0
status: active
schema:
  - name: trips
    properties:
      - {name: trip_id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true}
      - {name: seats, logicalType: KIND}
      - {name: day, logicalType: date}
"""
        self.write("contracts/trips.odcs.yaml", contract.replace("KIND", "string"))
        extra = ("--contracts", folder)
        trips = self.write("drop/trips.csv", "trip_id,seats,day\nT1,40,2025-09-01\nT2,many,2025-09-02\n")
        self.run_json(trips, codes=(0,), extra=extra)
        self.write("contracts/trips.odcs.yaml", contract.replace("KIND", "integer"))
        plan = self.migrate("plan", *extra)
        waiting, = [w for w in plan["waiting"] if w["table"] == "trips"]
        self.assertEqual((waiting["kind"], waiting["blocks_files"]), ("narrow_column", False))
        self.assertEqual(waiting["preview"]["rows_in_way"], 1)
        message = self.migrate("apply", waiting["id"], *extra, code=4)
        self.assertIn("1 row of data.trips and its history have a seats that is no bigint", message)
        self.assertNotIn("many", message)


if __name__ == "__main__":
    unittest.main()
