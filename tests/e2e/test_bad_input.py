"""Bad input is normal input: one clear error each, the other files go on, nothing is lost."""

import gzip
import os
import unittest

from support import FolderTest, homeroom

GOOD = "student_id,school_id,date,status\n0012345,010,2025-09-02,Present\n"


class BadInput(FolderTest):
    def only_file(self, path, code):
        document = self.report(homeroom("check", path, "--json"), code)
        self.assertEqual(len(document["files"]), 1)
        return document["files"][0]

    def test_each_bad_file_is_refused_with_what_and_what_next(self):
        packed = gzip.compress(GOOD.encode() * 5000)
        table = {
            "empty.csv": (b"", "empty"),
            "report.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n" * 9, "PDF"),
            "torn.csv.gz": (packed[: len(packed) // 2], "gzip"),
            "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "PNG"),
            "letter.csv": (b"Dear parents,\n\nwe will be closed on Friday, and on Monday.\n"
                           b"Please remember to bring warm clothes.\n\nThe office\n",
                           "not a table"),
        }
        for name, (content, word) in table.items():
            with self.subTest(name):
                file = self.only_file(self.write(name, content), 4)
                self.assertEqual(file["status"], "refused")
                self.assertIn(word.lower(), file["reason"].lower())
                self.assertEqual(file["rows"]["read"], 0)
                self.assertEqual(file["issue_count"], 1)

    def test_a_folder_in_place_of_a_file_is_told_by_sniff(self):
        finished = homeroom("sniff", self.folder)
        self.assertEqual(finished.returncode, 4)
        self.assertIn("is a folder", finished.stderr)

    @unittest.skipIf(os.geteuid() == 0, "SKIPPED: root may read every file")
    def test_a_file_without_rights_says_so(self):
        path = self.write("secret.csv", GOOD)
        path.chmod(0)
        self.assertIn("may not be read", self.only_file(path, 4)["reason"])

    def test_a_header_without_rows_is_fine_with_a_warning(self):
        file = self.only_file(self.write("attendance_a.csv", "student_id,school_id,date,status\n"),
                              0)
        self.assertEqual(file["status"], "ok")
        self.assertEqual([i["severity"] for i in file["issues"]], ["warning"])
        self.assertIn("header and no rows", file["issues"][0]["message"])

    def test_one_endless_line_is_refused_within_its_limit(self):
        path = self.folder / "endless.csv"
        with open(path, "wb") as out:
            for _ in range(80):
                out.write(b"x" * 1_000_000)
        file = self.only_file(path, 4)
        self.assertIn("line 1", file["reason"])

    def test_the_good_files_of_a_folder_go_on(self):
        folder = self.folder / "mixed"
        self.write("mixed/a_empty.csv", b"")
        self.write("mixed/attendance_b.csv", GOOD)
        document = self.report(homeroom("check", folder, "--json"), 4)
        self.assertEqual([f["status"] for f in document["files"]], ["refused", "ok"])

    def test_no_value_of_the_file_is_in_any_message(self):
        path = self.write(
            "attendance_x.csv",
            "student_id,school_id,date,status\n0077777,010,2025-13-45,Present\n"
            "0077778,010,2025-09-02,Qwertz\n0077779,010,2025-09-03,Present\n"
            "0077780,010,2025-09-03,Present\n")
        finished = homeroom("check", path)
        self.assertEqual(finished.returncode, 3)
        for value in ["0077777", "2025-13-45", "Qwertz"]:
            self.assertNotIn(value, finished.stdout + finished.stderr)

    def test_the_same_key_with_other_values_quarantines_both_rows(self):
        path = self.write(
            "attendance_y.csv",
            "student_id,school_id,date,status\n1,010,2025-09-02,Present\n"
            "2,010,2025-09-02,Present\n1,010,2025-09-02,Absent\n2,010,2025-09-02,Present\n")
        out = self.folder / "store"
        document = self.report(homeroom("clean", path, "--out", out, "--json"), 3)
        rows = document["files"][0]["rows"]
        self.assertEqual((rows["loaded"], rows["duplicate"], rows["quarantined"]), (1, 1, 2))
        clean = next((out / "clean").rglob("*.csv")).read_text().splitlines()
        self.assertEqual(len(clean), 2)
        bad = next((out / "quarantine").rglob("*.csv")).read_text().splitlines()
        self.assertEqual([line.split(",")[4] for line in bad[1:]], ["2", "4"])


if __name__ == "__main__":
    unittest.main()
