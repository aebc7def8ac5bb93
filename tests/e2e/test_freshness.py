"""homeroom freshness: a file that is late is a finding, in the exit code too."""

import json
import subprocess
import unittest

from support import FolderTest, homeroom


class Freshness(FolderTest):
    def freshness(self):
        finished = homeroom("freshness", "--data", self.data, "--json")
        return finished.returncode, json.loads(finished.stdout)["feeds"]

    def test_a_late_file_ends_with_four_and_the_next_one_with_nothing(self):
        path = self.write("sis/attendance.csv", "student_id,att_date,status\n1,2025-09-02,Present\n")
        self.run_json(path)
        code, feeds = self.freshness()
        self.assertEqual((code, [feed["state"] for feed in feeds]), (0, ["on time"]))

        self.assertEqual(homeroom("db", "start", "--data", self.data).returncode, 0)
        url = homeroom("db", "url", "--data", self.data, "--role", "admin").stdout.strip()
        subprocess.run(["psql", "-qX", url, "-c", "update homeroom.run set finished_at = now() - interval '30 days', "
                        "started_at = now() - interval '30 days'"], check=True)
        code, feeds = self.freshness()
        self.assertEqual((code, feeds[0]["state"]), (4, "critical"))
        self.assertGreater(feeds[0]["missed_school_days"], 15)
        self.assertIn("missing", homeroom("freshness", "--data", self.data).stdout)

        path.write_text(path.read_text() + "2,2025-09-03,Present\n")
        self.run_json(path)
        self.assertEqual(self.freshness()[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
