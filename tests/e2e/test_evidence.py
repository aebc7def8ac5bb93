"""What a clerk gets to see: the page of each report, samples, and every single change."""

import csv
import unittest

from support import FolderTest, homeroom

STUDENTS = (
    "student_id,last_name,first_name,birth_date,grade_level\n"
    '0001," <script>alert(1)</script> ",Ada,3/14/2010,K\n'
    '0002,"Lee  Park",Bo ,3/15/2010,1\n'
    "0003,Hill,Cy,13/45/2010,2\n"
    "0004,Wu,Di,2010-03-16,03\n"
)


class Evidence(FolderTest):
    def clean(self, *extra):
        out = self.folder / ("store" + "-".join(extra))
        path = self.write("students.csv", STUDENTS)
        finished = homeroom("clean", path, "--dataset", "students", "--out", out, "--json", *extra)
        return out, self.report(finished)["files"][0]

    def test_every_change_leads_from_the_file_to_the_clean_value(self):
        out, file = self.clean("--changes")
        (path,) = (out / "changes" / "students").iterdir()
        self.assertIn(path.relative_to(out).as_posix(), file["outputs"])
        with open(path, newline="", encoding="utf-8") as lines:
            changes = list(csv.DictReader(lines))
        self.assertEqual(len(changes), sum(change["count"] for change in file["changes"]))
        raw = list(csv.DictReader(STUDENTS.splitlines()))
        (clean_path,) = (out / "clean" / "students").rglob("*.csv")
        with open(clean_path, newline="", encoding="utf-8") as lines:
            clean = {row["_line"]: row for row in csv.DictReader(lines)}
        first, last = {}, {}
        for change in changes:
            place = (change["_line"], change["_column"])
            self.assertEqual(change["_before"], last.get(place, change["_before"]))
            first.setdefault(place, change["_before"])
            last[place] = change["_after"]
        self.assertIn(("2", "birth_date"), last)
        for (line, column), before in first.items():
            self.assertEqual(before, raw[int(line) - 2][column])
            if line != "4":  # quarantined, for its birth date
                self.assertEqual(last[line, column], clean[line][column])

    def test_changes_are_not_written_unless_asked_for(self):
        out, _ = self.clean()
        self.assertFalse((out / "changes").exists())

    def test_the_report_shows_samples_and_has_a_page_for_its_owner_alone(self):
        out, file = self.clean()
        dates = next(c for c in file["changes"] if c["column"] == "birth_date")
        self.assertEqual(dates["samples"][0], {"line": 2, "before": "3/14/2010", "after": "2010-03-14"})
        self.assertEqual([(g["column"], g["rule"], g["count"], g["first_line"]) for g in file["issue_groups"]],
                         [("birth_date", "date_to_iso", 1, 4)])
        (page,) = (out / "runs").glob("*.html")
        text = page.read_text(encoding="utf-8")
        self.assertEqual(page.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("<script", text)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", text)
        self.assertIn("Some rows need you", text)

    def test_check_writes_one_page_of_all_files(self):
        paths = [self.write(f"{name}.csv", STUDENTS.replace("13/45", "3/17")) for name in ("a", "b")]
        page = self.folder / "page.html"
        finished = homeroom("check", *paths, "--dataset", "students", "--html", page)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(page.read_text(encoding="utf-8").count("<article>"), 2)
        self.assertEqual(page.stat().st_mode & 0o777, 0o600)

    def test_a_page_that_cannot_be_written_is_an_error(self):
        path = self.write("a.csv", STUDENTS)
        finished = homeroom("check", path, "--html", self.folder / "nowhere" / "page.html")
        self.assertEqual(finished.returncode, 6, finished.stderr)


if __name__ == "__main__":
    unittest.main()
