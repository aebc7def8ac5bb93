"""However many threads read a file, what comes out is the same, byte for byte."""

import json
import random
import unittest

from support import FolderTest, homeroom

CODES = ["Present", "A", "tardy", "T", "ABS", "absnt", "", "N/A", " P "]


def attendance(num_rows):
    """Rows of which some are dirty, some wrong, some repeat and some contradict others."""
    pick = random.Random(5)
    rows = ["student_id,school_id,date,status,comment"]
    for i in range(num_rows):
        day = pick.randint(1, 28)
        date = pick.choice([f"11/{day}/2025", f"2025-11-{day:02}", f"11/{day:02}/25"])
        comment = pick.choice(["", "late bus", '"two\nlines"', "Jose\u0301", "=\"7\""])
        rows.append(f"{pick.randint(1, 900):07},{pick.randint(1, 4):03},{date},"
                    f"{pick.choice(CODES)},{comment}")
        if i % 997 == 0:
            rows.append("0000001,001,11/31/2025")
    return "\n".join(rows) + "\n"


class SameBytes(FolderTest):
    def test_threads_do_not_show_in_what_is_written(self):
        file = self.write("att/attendance.csv", attendance(40_000))
        self.assertGreater(file.stat().st_size, 1 << 20)
        seen = set()
        for threads in (1, 2, 5):
            out = self.folder / f"out{threads}"
            finished = homeroom("clean", file, "--out", out, "--threads", threads, "--json")
            report = self.report(finished, 3)["files"][0]
            report.pop("seconds")
            self.assertGreater(report["rows"]["quarantined"], 1000)
            self.assertGreater(report["rows"]["duplicate"], 0)
            parts = sorted(path for part in ("clean", "quarantine") for path in (out / part).rglob("*")
                           if path.is_file())
            seen.add((json.dumps(report), *((str(p.relative_to(out)), p.read_bytes()) for p in parts)))
        self.assertEqual(len(seen), 1)


if __name__ == "__main__":
    unittest.main()
