"""An older version of a file that comes late never wins."""

import os
import unittest

from support import FolderTest, homeroom

HEADER = "Student ID,Last Name,First Name,Grade Level\n"


class LateVersions(FolderTest):
    def load(self, name, text, day, *codes):
        """Loads a file that was changed last on that day of November 2025."""
        path = self.write(name, text)
        seconds = 1762000000 + 86400 * day
        os.utime(path, (seconds, seconds))
        return self.run_json(path, codes=codes or (0,))["files"][0]

    def grades(self, of="9"):
        return {row["student_id"]: row["grade_level"] for row in
                self.query("select student_id, grade_level from data.students "
                           f"where student_id like '{of}%' order by 1")}

    def warning(self, file):
        return [i["message"] for i in file["issues"] if i["rule"] == "late_version"]

    def test_rows_that_both_have_stay_as_the_newer_one_has_them(self):
        self.load("s1/students.csv", HEADER + "901,Lovelace,Ada,05\n902,Hopper,Grace,05\n", 10)
        # 902 is the same in both: its row is the first run's, and yet the newer file's too.
        self.load("s1/students.csv", HEADER + "901,Lovelace,Ada,06\n902,Hopper,Grace,05\n", 12)
        late = self.load("s1/students.csv", HEADER + "901,Lovelace,Ada,04\n902,Hopper,Grace,04\n"
                         "903,Noether,Emmy,04\n", 11)
        self.assertEqual(self.grades("90"), {"901": "06", "902": "05", "903": "04"})
        self.assertEqual((late["rows"]["skipped"], late["rows"]["loaded"]), (2, 1))
        self.assertIn("2 rows skipped: the file is an older version of students.csv, which run",
                      self.warning(late)[0])
        # The newer bytes are still the slot's, the late ones are known.
        again = self.load("s1/students.csv", HEADER + "901,Lovelace,Ada,06\n902,Hopper,Grace,05\n",
                          13)
        self.assertEqual(again["status"], "duplicate")
        # Saved once more it is the newest version: A, B, A ends with A.
        back = self.load("s1/students.csv", HEADER + "901,Lovelace,Ada,04\n902,Hopper,Grace,04\n"
                         "903,Noether,Emmy,04\n", 14)
        self.assertEqual(self.warning(back), [])
        self.assertEqual(self.grades("90"), {"901": "04", "902": "04", "903": "04"})
        self.assertEqual(homeroom("verify", "--data", self.data, "--json").returncode, 0)

    def test_the_day_in_the_name_goes_before_the_time_of_the_file(self):
        self.load("s2/students_2025-11-10.csv", HEADER + "911,Lovelace,Ada,06\n", 10)
        late = self.load("s2/students_2025-11-03.csv", HEADER + "911,Lovelace,Ada,05\n"
                         "912,Hopper,Grace,05\n", 20)
        self.assertEqual(len(self.warning(late)), 1)
        grades = self.grades()
        self.assertEqual((grades["911"], grades["912"]), ("06", "05"))

    def test_once_the_newer_one_is_taken_back_the_late_one_can_be_loaded(self):
        newer = self.load("s3/students.csv", HEADER + "921,Lovelace,Ada,06\n", 12)
        late = HEADER + "921,Lovelace,Ada,05\n922,Hopper,Grace,05\n"
        self.load("s3/students.csv", late, 11)
        self.assertEqual(self.load("s3/students.csv", late, 11)["status"], "duplicate")
        undone = homeroom("undo", newer["run"], "--data", self.data)
        self.assertEqual(undone.returncode, 0, undone.stderr)
        self.assertEqual(self.load("s3/students.csv", late, 11)["status"], "loaded")
        self.assertEqual(self.grades()["921"], "05")
        self.assertEqual(homeroom("verify", "--data", self.data, "--json").returncode, 0)

    def test_a_file_that_is_all_there_is_of_its_scope_is_held(self):
        self.load("s4/visits.csv", "Visit,Room\n1,A\n2,B\n", 12)
        late = self.load("s4/visits.csv", "Visit,Room\n1,A\n", 11, 4)
        self.assertEqual(late["status"], "held")
        self.assertIn("the file is an older version of visits.csv, which run", late["reason"])
        self.assertEqual(self.query("select count(*) as n from data.visits")[0]["n"], 2)
        released = homeroom("holds", "release", late["run"], "--data", self.data)
        self.assertEqual(released.returncode, 0, released.stderr)
        self.assertEqual(self.query("select count(*) as n from data.visits")[0]["n"], 1)
        # It was taken from the archive, whose copy is younger than the file.
        newer = self.load("s4/visits.csv", "Visit,Room\n1,A\n2,B\n3,C\n", 13)
        self.assertEqual((newer["status"], self.warning(newer)), ("loaded", []))

    def test_taking_the_archive_again_makes_no_file_younger(self):
        self.load("s8/students.csv", HEADER + "981,Lovelace,Ada,05\n", 10)
        replayed = homeroom("replay", "--dataset", "students", "--data", self.data)
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        newer = self.load("s8/students.csv", HEADER + "981,Lovelace,Ada,06\n", 12)
        self.assertEqual((newer["status"], self.warning(newer)), ("loaded", []))
        self.assertEqual(self.grades("981"), {"981": "06"})

    def test_where_the_newer_ones_rows_are_elsewhere_nothing_is_loaded(self):
        self.load("s7/students.csv", HEADER + "971,Lovelace,Ada,06\n", 12)
        for path in (self.data / "store" / "clean" / "students").rglob("students-*.csv"):
            path.unlink()
        late = self.load("s7/students.csv", HEADER + "971,Lovelace,Ada,05\n", 11, 4)
        self.assertIn("whose clean rows are not in this store", late["reason"])
        self.assertEqual(self.grades("971"), {"971": "06"})

    def test_bytes_that_were_there_before_are_put_back_whatever_their_time(self):
        for text, day, grade in (("05", 10, "05"), ("06", 12, "06"), ("05", 10, "05")):
            file = self.load("s6/students.csv", HEADER + f"961,Lovelace,Ada,{text}\n", day)
            self.assertEqual((file["status"], self.warning(file)), ("loaded", []))
            self.assertEqual(self.grades()["961"], grade)

    def test_files_that_cannot_be_compared_are_taken_as_they_come(self):
        self.load("s5/students.csv", HEADER + "951,Lovelace,Ada,06\n", 12)
        other = self.load("s5/students (fixed).csv", HEADER + "951,Lovelace,Ada,05\n", 11)
        self.assertEqual(self.warning(other), [])
        self.assertEqual(self.grades()["951"], "05")


if __name__ == "__main__":
    unittest.main()
