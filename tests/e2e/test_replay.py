"""Archived files are taken again by the contracts as they are now."""

import json
import unittest

from support import FolderTest, homeroom

CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: buses
name: buses
version: {version}
status: active
schema:
  - name: buses
    properties:
      - {{name: bus, logicalType: string, primaryKey: true, required: true}}
      - {{name: seats, logicalType: integer{options}}}
"""


class Replay(FolderTest):
    def replay(self, *arguments, code=0):
        return self.report(homeroom("replay", *arguments, "--data", self.data, "--json",
                                    "--contracts", self.folder / "contracts"), code)["files"]

    def test_a_changed_contract_reaches_files_that_came_before(self):
        self.write("contracts/buses.odcs.yaml", CONTRACT.format(version="1.0.0", options=""))
        contracts = ("--contracts", self.folder / "contracts")
        for name, text in [("bus_north.csv", "Bus,Seats\nA,40\n"), ("bus_south.csv", "Bus,Seats\nB,400\n"),
                           ("bus_south.csv", "Bus,Seats\nB,500\nC,41\n")]:
            self.run_json(self.write(f"sis/{name}", text), codes=(0,), extra=contracts)
        for path in (self.folder / "sis").iterdir():
            path.unlink()
        self.assertEqual({f["status"] for f in self.replay()}, {"duplicate"})
        self.write("contracts/buses.odcs.yaml",
                   CONTRACT.format(version="1.1.0", options=", logicalTypeOptions: {maximum: 90}"))
        files = self.replay("--dataset", "buses", code=3)
        self.assertEqual([f["status"] for f in files], ["loaded"])
        self.assertEqual(files[0]["rows"]["quarantined"], 1)
        self.assertTrue(files[0]["path"].endswith("sis/bus_south.csv"))
        old = homeroom("replay", "1", "--data", self.data, *contracts)
        self.assertEqual(old.returncode, 4)
        self.assertIn("run 1 was followed by run", old.stderr)
        self.assertEqual(homeroom("verify", "--data", self.data).returncode, 0)

    def test_there_is_nothing_to_replay_of_a_run_that_never_was(self):
        self.run_json(self.write("sis2/visits.csv", "Visit,Room\n1,A\n"), codes=(0,))
        finished = homeroom("replay", "999", "--data", self.data)
        self.assertEqual(finished.returncode, 4)
        self.assertIn("there is no run 999", finished.stderr)


if __name__ == "__main__":
    unittest.main()
