"""Profiles of systems: known by headers and told of, on files of the systems themselves (beside the
repository) and on made-up ones; what they say decides, and only where they say it."""

import csv
import unittest

from support import SHARED, FolderTest, homeroom

CORPUS = SHARED / "corpora/education"
# Files of the corpora, by the profile they are known by; "": none.
KNOWN = {
    "i_ready": ["oea_iready/diagnostic_results_ela.csv", "oea_iready/diagnostic_results_math.csv",
                "vendor_exports/i-Ready__sample_anonymized_file_ela.csv",
                "vendor_exports/i-Ready__sample_anonymized_file_math.csv"],
    "map_growth": ["vendor_exports/MAP_Growth__sample_anonymized_file.csv"],
    "star": ["vendor_exports/STAR__SR_sample_anonymized_file.csv",
             "vendor_exports/STAR__SR_SkillArea_v1_sample_anonymized_file.csv",
             "vendor_exports/STAR__SR_Dashboard_Standards_v2_sample_anonymized_file.csv",
             "studentinsights/star_math_v1.csv", "studentinsights/star_reading_v2.csv"],
    "dibels": ["vendor_exports/Dibels_8_Benchmark__sample_anonymized_file.csv"],
    "aspen": ["studentinsights/attendance_dump.csv"],
    "ed_fi": ["edfi_grand_bend/students.csv", "edfi_grand_bend/staff.csv", "edfi_grand_bend/schools.csv",
              "edfi_grand_bend/courses.csv", "edfi_grand_bend/sections.csv",
              "edfi_grand_bend/school_attendance_events.csv", "edfi_grand_bend/discipline_incidents.csv"],
    None: ["oea_sis/batch1__studentattendance.csv", "studentinsights/fake_students_export.csv",
           "uci_student/student-por.csv", "vendor_exports/ACT__sample_anonymized_file.csv",
           "vendor_exports/FastBridgeCAT__fake_aMath.csv",
           "ct_edsight_grade/chronic-absenteeism__2011-12_grade.csv"],
}


class Profiles(FolderTest):
    def check(self, *arguments, codes=(0, 3, 4)):
        return self.report(homeroom("check", *arguments, "--json"), *codes)["files"]

    def clean_rows(self, path, *arguments):
        """The report, and the rows of the clean file by column."""
        out = self.folder / "out" / path.stem
        file = self.report(homeroom("clean", path, "--out", out, "--json", *arguments))["files"][0]
        rows = []
        for written in file["outputs"]:
            if written.startswith("clean/"):
                with (out / written).open(newline="") as stream:
                    rows += list(csv.DictReader(stream))
        return file, rows

    @unittest.skipUnless(CORPUS.exists(), "the corpora are not beside the repository")
    def test_files_of_the_corpora_are_known(self):
        for profile, files in KNOWN.items():
            for file in self.check(*(CORPUS / name for name in files)):
                self.assertEqual(file["profile"], profile, file["path"])
                if profile:
                    self.assertRegex(file["profile_reason"], "^headers ")

    def powerschool(self):
        return self.write("ps/students_export.txt",
                          "dcid\tStudent_Number\tLast_Name\tFirst_Name\tGrade_Level\tEnroll_Status\tSchoolID\n"
                          "1\t00412\tDiaz\tAna\t3\t0\t100\n2\t00413\tRoy\tLi\t4\t2\t100\n"
                          "3\t00414\tLee\tJo\t5\t-1\t100\n4\t00415\tOrr\tBo\t5\t4\t100\n")

    def test_digits_are_codes_in_their_system(self):
        file, rows = self.clean_rows(self.powerschool())
        self.assertEqual(file["profile"], "powerschool")
        self.assertEqual(file["profile_reason"], "headers dcid, Student_Number")
        self.assertEqual([r["enrollment_status"] for r in rows], ["active", "transferred", "pre_registered", "4"])
        self.assertEqual([r["student_id"] for r in rows], ["00412", "00413", "00414", "00415"])

    def test_and_not_without_it(self):
        file, rows = self.clean_rows(self.powerschool(), "--profile", "none", "--dataset", "students")
        self.assertIsNone(file["profile"])
        self.assertEqual([r["enrollment_status"] for r in rows], ["0", "2", "-1", "4"])

    def test_a_year_alone_is_what_the_system_says(self):
        text = ("student_number,schoolid,school_year,grade_level,entrydate,entrycode,exitcode\n"
                "1,100,2025,3,2025-08-20,E1,\n")
        file, _ = self.clean_rows(self.write("ps2/enrollments.csv", text))
        self.assertEqual((file["dataset"], file["profile"]), ("enrollments", "powerschool"))
        self.assertIn("school_year=2026", file["outputs"][0])
        file, _ = self.clean_rows(self.write("plain/enrollments_plain.csv", text), "--profile", "none")
        self.assertIn("school_year=2025", file["outputs"][0])

    def test_race_by_number_is_infinite_campus_own(self):
        path = self.write("ic/students.csv",
                          "studentNumber,lastName,firstName,grade,raceEthnicityFed\n7,Diaz,Ana,03,1\n8,Roy,Li,04,6\n")
        file, rows = self.clean_rows(path)
        self.assertEqual((file["dataset"], file["profile"]), ("students", "infinite_campus"))
        self.assertEqual([r["race_ethnicity"] for r in rows], ["HI", "WH"])

    def test_descriptors_of_ed_fi_lose_their_namespace(self):
        path = self.write("edfi/events.csv",
                          "StudentUniqueId,SchoolId,EventDate,AttendanceEventCategory\n"
                          "604822,255901001,2021-08-31,uri://ed-fi.org/AttendanceEventCategoryDescriptor#Tardy\n")
        file, rows = self.clean_rows(path, "--dataset", "attendance_daily")
        self.assertEqual(file["profile"], "ed_fi")
        self.assertEqual(rows[0]["status"], "tardy")

    def test_a_date_that_reads_both_ways_is_the_systems(self):
        text = "School_id,Student_id,Student_number,Last_name,First_name,Dob\n1,2,3,Diaz,Ana,03/04/2015\n"
        file, rows = self.clean_rows(self.write("clever/kids.csv", text))
        self.assertEqual(file["profile"], "clever")
        self.assertEqual(rows[0]["birth_date"], "2015-03-04")
        held = self.check(self.write("unknown/kids.csv", text), "--profile", "none")[0]
        self.assertIn("the month or the day", held["reason"] or "")

    def test_what_the_file_shows_goes_before_the_profile(self):
        text = ("School_id,Student_id,Student_number,Last_name,First_name,Dob\n"
                "1,2,3,Diaz,Ana,03/04/2015\n1,3,4,Roy,Li,25/04/2015\n")
        _, rows = self.clean_rows(self.write("clever2/kids.csv", text))
        self.assertEqual([r["birth_date"] for r in rows], ["2015-04-03", "2015-04-25"])

    def test_a_profile_can_be_said_and_is_checked(self):
        path = self.write("sky/list.csv", "student_id,last_name,first_name,grade\n1,Diaz,Ana,03\n")
        file = self.check(path, "--profile", "skyward")[0]
        self.assertEqual((file["profile"], file["profile_reason"]), ("skyward", "as was said"))
        wrong = homeroom("check", path, "--profile", "skywrd")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("did you mean skyward?", wrong.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
