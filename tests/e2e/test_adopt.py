"""homeroom adopt: the contract it writes passes lint, says why, and takes the file it was made from."""

import random
import unittest

from support import SHARED, FolderTest, homeroom

CORPUS = SHARED / "corpora/education"
# Real files that fit no data set.
UNKNOWN = ["uci_student/student-por.csv", "studentinsights/mtss_referral_fixture.csv", "studentinsights/student_voice_survey.csv",
           "ct_edsight_grade/chronic-absenteeism__2011-12_grade.csv", "studentinsights/ed_plans_fixture.csv"]


def buses(rows=60):
    chance = random.Random(7)
    lines = ["Stop Nbr,Run Date,Route,Riders,On Time %,Driver Tag,Depot Phone,Opened,Odd"]
    for i in range(rows):
        lines.append(f"{i % 30:04},{1 + i % 12}/{13 + i // 30}/2025,{chance.choice(['EAST', 'WEST'])},"
                     f"{'N/A' if i % 9 == 0 else chance.randint(0, 70)},{chance.randint(50, 99)}%,"
                     f"123-45-{6000 + i},617-555-{1000 + i},{chance.choice(['Y', 'N'])},{chance.random():.3f}x")
    return "\n".join(lines) + "\n"


class Adopt(FolderTest):
    def adopt(self, path, *extra):
        """The contract's text, written into a folder of its own."""
        folder = self.folder / f"contracts_{len(list(self.folder.iterdir()))}"
        finished = homeroom("adopt", path, "--out", folder, *extra)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(finished.stdout.strip(), str(next(folder.iterdir())))
        return folder, next(folder.iterdir()).read_text()

    def assert_takes(self, folder, path):
        lint = homeroom("contract", "lint", folder)
        self.assertEqual(lint.returncode, 0, lint.stdout)
        report = self.report(homeroom("check", path, "--contracts", folder, "--json"), 0)
        file = report["files"][0]
        self.assertEqual(file["rows"]["quarantined"] + file["rows"]["pending"] + file["rows"]["duplicate"], 0)
        self.assertEqual(file["dataset"] + ".odcs.yaml", next(folder.iterdir()).name)
        return file

    def test_kinds_key_and_privacy_come_with_their_reasons(self):
        path = self.write("drop/bus_runs_2025-11-03.csv", buses())
        folder, text = self.adopt(path)
        self.assert_takes(folder, path)
        self.assertIn("# Key: stop_nbr, run_date together are never empty and never repeat in 60 rows.", text)
        parts = {part.split("\n")[0].strip(): part for part in text.split("- name: ")[2:]}
        self.assertIn("value: identifier", parts["stop_nbr"])
        self.assertIn("logicalType: date", parts["run_date"])
        self.assertIn("logicalType: integer", parts["riders"])
        self.assertIn("value: percent", parts["on_time"])
        self.assertIn("logicalType: boolean", parts["opened"])
        self.assertIn("value: text", parts["odd"])
        self.assertIn("value: phone", parts["depot_phone"])
        for name in ("driver_tag", "depot_phone"):
            self.assertIn("classification: restricted", parts[name])
        self.assertIn("classification: confidential", parts["route"])
        for reason in ("The month comes first: 60 dates", "Leading zeros count", "Taken as no value: N/A (7)",
                       "perhaps a list of codes: ", "60 values look like social security numbers"):
            self.assertIn(reason, " ".join(text.replace("#", " ").split()))
        self.assertNotIn("123-45-", text)

    def test_dates_that_read_both_ways_are_as_the_files_others(self):
        path = self.write("drop/stays.csv", "stay,begin,leave\n1,03/04/2025,13/04/2025\n2,05/06/2025,25/06/2025\n")
        folder, text = self.adopt(path)
        self.assert_takes(folder, path)
        self.assertIn("The day comes first, as in the file's other dates", text)
        self.assertEqual(text.count("logicalType: date"), 2)

    def test_dates_that_read_both_ways_stay_text(self):
        path = self.write("drop/visits.csv", "visit,seen on\n1,03/04/2025\n2,05/06/2025\n3,07/08/2025\n")
        folder, text = self.adopt(path)
        self.assert_takes(folder, path)
        self.assertIn("Dates that read both ways, from line 2 on: kept as text.", text)
        self.assertNotIn("logicalType: date", text)

    def test_a_column_that_stays_text_does_not_decide_how_dates_are_read(self):
        path = self.write("drop/notes.csv", "visit,seen on,note\n1,03/04/2025,13/04/2025\n2,05/06/2025,came late\n")
        folder, text = self.adopt(path)
        self.assert_takes(folder, path)
        self.assertIn("Dates that read both ways, from line 2 on: kept as text.", text)

    def test_it_ends_as_checking_the_file_by_the_new_contract_does(self):
        rows = "".join(f"{i},{'x' * (i % 7)}\n" for i in range(20))
        path = self.write("drop/odd.csv", "stop nbr,word\n" + rows + "21,a,b,c\n")
        finished = homeroom("adopt", path, "--out", self.folder / "odd")
        checked = homeroom("check", path, "--contracts", self.folder / "odd")
        self.assertEqual((finished.returncode, checked.returncode), (3, 3), finished.stderr)
        path = self.write("drop/worse.csv", "stop nbr,word\n" + "".join(f"{i},{'a,b' if i % 3 else 'c'}\n" for i in range(30)))
        finished = homeroom("adopt", path, "--out", self.folder / "worse")
        checked = homeroom("check", path, "--contracts", self.folder / "worse")
        self.assertEqual((finished.returncode, checked.returncode), (4, 4), finished.stderr)
        self.assertIn("by it the file would be held", finished.stderr)

    def test_rows_that_nothing_tells_apart_have_no_key(self):
        path = self.write("drop/tally.csv", "color,mark\nred,x\nred,y\nred,x\nblue,x\nblue,x\n")
        _, text = self.adopt(path)
        self.assertIn("homeroom.writeMode, value: replace", text)
        self.assertNotIn("primaryKey", text)

    def test_a_known_file_is_not_adopted_unless_named(self):
        path = self.write("drop/attendance.csv", "student_id,att_date,status\n1,2025-09-02,Present\n")
        refused = homeroom("adopt", path)
        self.assertEqual(refused.returncode, 4)
        self.assertIn("the file is attendance_daily already", refused.stderr)
        folder, _ = self.adopt(path, "--name", "bus_attendance")
        self.assertTrue((folder / "bus_attendance.odcs.yaml").exists())
        again = homeroom("adopt", path, "--name", "bus_attendance", "--out", folder)
        self.assertEqual(again.returncode, 2)
        self.assertIn("is there already", again.stderr)

    def test_a_name_that_there_is_already_is_refused(self):
        file = self.write("stops.csv", buses())
        finished = homeroom("adopt", file, "--name", "students", "--out", self.folder / "taken")
        self.assertNotEqual(finished.returncode, 0)
        self.assertIn("there is a data set students already", finished.stderr)

    def test_the_adopted_file_loads(self):
        path = self.write("drop/bus_runs_2025-11-03.csv", buses())
        folder, _ = self.adopt(path)
        file = self.run_json(path, codes=(0,), extra=("--contracts", folder))["files"][0]
        self.assertEqual((file["status"], file["rows"]["loaded"]), ("loaded", 60))
        self.assertEqual(self.query("select count(*) as n from data.bus_runs where run_date > '2025-01-01'"),
                         [{"n": 60}])

    @unittest.skipUnless(CORPUS.exists(), "the corpora are not beside the repository")
    def test_real_files_are_taken_by_what_was_made_of_them(self):
        for name in UNKNOWN:
            with self.subTest(name):
                path = CORPUS / name
                folder, _ = self.adopt(path)
                self.assert_takes(folder, path)


if __name__ == "__main__":
    unittest.main(verbosity=1)
