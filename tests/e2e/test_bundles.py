"""Archives of several files, each a file of its own; OneRoster and Clever bundles."""

import io
import json
import tarfile
import unittest
import zipfile

from support import FolderTest, homeroom

SCHOOLS = "School ID,School Name,Low Grade,High Grade\n010,Lincoln Elementary,KG,05\n"
STUDENTS = ("Student ID,First Name,Last Name,Birth Date,Grade,School ID\n"
            "0001,Ada,Long,2014-05-01,5,010\n0002,Bo,Short,05/22/2014,5,010\n")
MARKS = ("Student ID,School Year,Course ID,Term,Mark\n"
         "0001,2026,M5,Q1,A\n0002,2026,M5,Q1,B+\n")
FILES = {"schools.csv": SCHOOLS, "students.csv": STUDENTS, "marks.csv": MARKS}


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    """A zip in memory; a name may come twice, a value may be (ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files, mode):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content.encode())
            archive.addfile(entry, io.BytesIO(content.encode()))
    return out.getvalue()


def symlink(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry


def encrypted(whole, name):
    """The zip with the flag "encrypted" set for one of its files, in both of its headers."""
    whole = bytearray(whole)
    for mark, flag_at, name_at in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        at = whole.find(mark)
        while at >= 0:
            if whole[at + name_at:].startswith(name.encode()):
                whole[at + flag_at] |= 1
            at = whole.find(mark, at + 4)
    return bytes(whole)


class Archives(FolderTest):
    def check(self, path, *codes):
        return self.report(homeroom("check", path, "--json"), *codes)["files"]

    def clean_files(self, path, name):
        out = self.folder / name
        self.assertIn(homeroom("clean", path, "--out", out).returncode, (0, 3))
        return {p.relative_to(out): p.read_bytes()
                for folder in ("clean", "quarantine")
                for p in sorted((out / folder).rglob("*.csv"))}

    def test_a_file_in_an_archive_is_cleaned_as_the_same_file_outside_one(self):
        files = dict(FILES, **{"deep/élèves_2025-11.csv": "id,v\n1,2\n", "deep/att_2025-11.csv":
                               "Student ID,School ID,Date,Code\n0001,010,11/13/2025,Tardy\n"
                               "0002,010,13/45/2025,A\n"})
        for name, content in files.items():
            self.write("same/sis/" + name, content)
        plain = self.clean_files(self.folder / "same", "out-plain")
        self.assertGreater(len(plain), 4)
        for name, packed in {"a.zip": zipped(files), "stored.zip": zipped(files, zipfile.ZIP_STORED),
                             "a.tar": tarred(files, "w"), "a.tgz": tarred(files, "w:gz"),
                             "no_ending": tarred(files, "w:gz")}.items():
            with self.subTest(name):
                self.write(f"packed-{name}/sis/{name}", packed)
                found = self.clean_files(self.folder / f"packed-{name}", f"out-{name}")
                self.assertEqual(found, plain)

    def test_what_is_bad_in_an_archive_is_told_and_the_rest_is_read(self):
        inner = zipped({"in.csv": "a\n1\n"})
        files = [(name, content) for name, content in FILES.items()]
        files += [("../evil.csv", "a\n1\n"), ("/abs.csv", "a\n1\n"), (symlink("link.csv"), "/etc"),
                  ("inner.zip", inner), ("twice.csv", "a\n1\n"), ("locked.csv", "a\n1\n"),
                  ("__MACOSX/._a.csv", "x"), (".DS_Store", "x"), ("README.txt", "x"),
                  ("Thumbs.db", "x")]
        with self.assertWarns(UserWarning):
            whole = zipped(files + [("twice.csv", "a\n2\n")])
        path = self.write("bad/sis/export.zip", encrypted(whole, "locked.csv"))
        report = self.check(path, 4)
        reasons = {f["path"].removeprefix(str(path) + "/"): f["reason"] for f in report}
        for name in FILES:
            self.assertIsNone(reasons.pop(name), name)
        told = {"../evil.csv": '".."', "/abs.csv": "absolute", "link.csv": "link",
                "inner.zip": "a zip inside another archive", "twice.csv": "2 files in the archive",
                "locked.csv": "encrypted"}
        self.assertEqual(set(reasons), set(told))
        for name, words in told.items():
            self.assertIn(words, reasons[name])

    def test_a_damaged_file_does_not_keep_the_others_out(self):
        whole = bytearray(zipped(dict(FILES, **{"big.csv": "id,v\n" + "".join(
            f"{i},{i * 7919 % 10007}\n" for i in range(3000))})))
        whole[whole.find(b"big.csv") + 2000] ^= 16
        report = self.check(self.write("damaged/export.zip", bytes(whole)), 4)
        status = {f["path"].rsplit("/", 1)[1]: f["status"] for f in report}
        self.assertEqual(status, {"big.csv": "refused", "schools.csv": "ok", "students.csv": "ok",
                                  "marks.csv": "ok"})

    def test_an_archive_that_is_torn_too_large_or_no_archive_says_so(self):
        whole = zipped(FILES)
        table = {"torn.zip": (whole[:-30], "ends too early"),
                 "bomb.zip": (zipped({"a.csv": "0" * 70_000_000, "b.csv": "id\n1\n"}),
                              "grows more than 200 fold"),
                 "many.zip": (zipped({f"{i}.csv": "id\n" for i in range(1001)}),
                              "more than 1,000 files"),
                 "book.zip": (zipped({"[Content_Types].xml": "x", "xl/a": "x"}), "Excel workbook"),
                 "none.zip": (zipped({"folder/": ""}), "holds no file")}
        for name, (content, words) in table.items():
            with self.subTest(name):
                report = self.check(self.write("whole/" + name, content), 4)
                self.assertEqual([f["status"] for f in report], ["refused"])
                self.assertIn(words, report[0]["reason"])

    def test_sniff_and_parse_take_one_file_of_an_archive_and_say_what_to_name(self):
        path = self.write("named/export.zip", zipped(FILES))
        several = homeroom("sniff", path)
        self.assertEqual(several.returncode, 4)
        self.assertIn("holds 3 files, not one", several.stderr)
        self.assertIn(f"{path}/marks.csv", several.stderr)
        sniffed = homeroom("sniff", f"{path}/students.csv", "--json")
        self.assertEqual(json.loads(sniffed.stdout)["columns"], 6)
        out = self.folder / "parsed.csv"
        self.assertEqual(homeroom("parse", f"{path}/schools.csv", "--out", out).returncode, 0)
        self.assertEqual(out.read_text(), SCHOOLS)
        self.assertIn("holds 3 files", homeroom("parse", path, "--out", out).stderr)
        self.assertIn("did you mean", homeroom("sniff", f"{path}/student.csv").stderr)

    def test_a_file_is_loaded_once_however_it_comes(self):
        first = self.write("drop/sis/export.zip", zipped(FILES))
        files = self.run_json(first)["files"]
        self.assertEqual({f["status"] for f in files}, {"loaded"})
        self.assertEqual([f["path"] for f in files],
                         [f"{first}/{name}.csv" for name in ("schools", "students", "marks")])
        again = self.write("drop/sis/again.zip",
                           zipped({"top/" + name: text for name, text in FILES.items()}))
        plain = self.write("drop/sis/students.csv", STUDENTS)
        tar = self.write("drop/sis/again.tgz", tarred(FILES, "w:gz"))
        for path in (first, again, plain, tar):
            with self.subTest(path.name):
                report = self.run_json(path, codes=(0,))["files"]
                self.assertEqual({f["status"] for f in report}, {"duplicate"})
        self.assertEqual(self.query("select count(*) as n from data.students"), [{"n": 2}])
        raw = sorted(p.name for p in (self.data / "store" / "raw").rglob("*") if p.is_file())
        self.assertEqual(len(raw), 1, raw)
        kept = next((self.data / "store" / "raw" / "sis").glob("export-*.zip"))
        self.assertEqual(kept.read_bytes(), first.read_bytes())

        changed = self.write("drop/sis/export.zip",
                             zipped(dict(FILES, **{"students.csv": STUDENTS.replace("Bo", "Bob")})))
        status = [f["status"] for f in self.run_json(changed, codes=(0,))["files"]]
        self.assertEqual(sorted(status), ["duplicate", "duplicate", "loaded"])

        shown = json.loads(homeroom("explain", "students", "0001", "--data", self.data,
                                    "--json").stdout)["rows"][0]
        self.assertEqual((shown["path"], shown["line"]), (f"{first}/students.csv", 2))
        self.assertRegex(shown["raw"], r"^raw/sis/export-[0-9a-f]{8}\.zip/students\.csv$")
        self.assertIsNone(shown["trouble"])
        self.assertIn("Ada", [cell["original"] for cell in shown["cells"]])
        left = [p for p in (self.data / "store").rglob("*") if "incoming" in p.name]
        self.assertEqual(left, [])


def lines(*rows):
    return "".join(row + "\r\n" for row in rows)


ONEROSTER = {
    "academicSessions.csv": lines(
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
        "sy26,,,2025-2026,schoolYear,2025-08-18,2026-06-05,,2026",
        "t1,,,Fall,semester,2025-08-18,2025-12-19,sy26,2026"),
    "orgs.csv": lines(
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
        "d1,,,Lincoln District,district,100,", "s10,,,Lincoln Elementary,school,010,d1"),
    "courses.csv": lines(
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
        "orgSourcedId,subjects,subjectCodes", "c1,,,sy26,Math 5,M5,05,s10,Mathematics,"),
    "classes.csv": lines(
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
        "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
        "k1,,,Math 5 A,05,c1,M5A,scheduled,12,s10,t1,Mathematics,,1"),
    "users.csv": lines(
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
        "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
        "u1,,,true,s10,student,ada1,,Ada,Long,,001,ada@example.org,,,p1,05,",
        "u2,,,true,s10,student,bo2,,Bo,Short,,002,bo@example.org,,,p1,05,",
        "u9,,,true,s10,teacher,tea,,Tea,Cher,,901,tea@example.org,,,,,",
        "p1,,,true,s10,parent,pat,,Pat,Long,,,pat@example.org,,,,,"),
    "demographics.csv": lines(
        "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,"
        "blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
        "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,"
        "stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus",
        "u1,,,2014-05-01,female,false,false,false,false,true,false,false,US,MA,Upton,",
        "u2,,,2014-06-02,male,false,true,false,false,false,false,true,US,MA,Upton,",
        "u9,,,1980-06-02,female,false,true,false,false,false,false,true,US,MA,Upton,"),
    "enrollments.csv": lines(
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
        "primary,beginDate,endDate",
        "e1,,,k1,s10,u1,student,false,2025-08-18,2025-12-19",
        "e2,,,k1,s10,u2,student,false,2025-08-18,2025-12-19",
        "e9,,,k1,s10,u9,teacher,true,2025-08-18,2025-12-19"),
    "results.csv": lines(
        "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,"
        "scoreDate,comment", "r1,,,li1,u1,fully graded,7,2025-09-12,",
        "r2,,,li1,u2,fully graded,9,2025-09-12,"),
}
ORDER = ["orgs", "academicSessions", "courses", "users", "users", "demographics", "classes",
         "enrollments", "enrollments", "results"]
FILE_NAMES = ["academicSessions", "categories", "classes", "classResources", "courses",
              "courseResources", "demographics", "enrollments", "lineItems", "orgs", "resources",
              "results", "users"]


def manifest(files, version="1.1", **said):
    """The manifest of these files; `said` says otherwise of some."""
    rows = ["propertyName,value", "manifest.version,1.0"]
    rows += [f"oneroster.version,{version}"] if version else []
    for name in FILE_NAMES + [n for n in ("roles", "userProfiles") if version == "1.2"]:
        there = "bulk" if name + ".csv" in files else "absent"
        rows.append(f"file.{name},{said.get(name, there)}")
    return lines(*rows, "source.systemName,Demo SIS")


def bundle(files=None, **options):
    files = dict(ONEROSTER if files is None else files)
    return {"manifest.csv": manifest(files, **options), **files}


def with_status(text, status):
    """Each row of a OneRoster file with a status and a date, as a delta has them."""
    head, *rows = text.splitlines()
    return lines(head, *(row.replace(",,,", f",{status},2025-11-03T00:00:00Z,", 1) for row in rows))


class OneRoster(FolderTest):
    def write_bundle(self, folder, files):
        for name, content in files.items():
            self.write(f"{folder}/{name}", content)
        return self.folder / folder

    def check(self, path, *codes):
        return self.report(homeroom("check", path, "--json"), *codes)["files"]

    def test_a_bundle_is_known_ordered_and_its_files_go_where_they_belong(self):
        as_folder = self.check(self.write_bundle("known/sis", bundle()), 0)
        as_zip = self.check(self.write("known-zip/sis/export.zip", zipped(bundle())), 0)
        for files in (as_folder, as_zip):
            self.assertEqual({f["bundle"] for f in files}, {"OneRoster 1.1"})
            self.assertEqual(files[0]["status"], "read")
            self.assertTrue(files[0]["path"].endswith("/manifest.csv"))
            self.assertEqual(files[0]["issues"], [])
            self.assertEqual([f["path"].rsplit("/", 1)[1][:-4] for f in files[1:]], ORDER)
            went = {(f["path"].rsplit("/", 1)[1][:-4], f["dataset"]): f["rows"]["loaded"]
                    for f in files[1:]}
            self.assertEqual(went, {
                ("orgs", "schools"): 1, ("academicSessions", "oneroster_academic_sessions"): 2,
                ("courses", "courses"): 1, ("users", "students"): 2, ("users", "staff"): 1,
                ("demographics", "students"): 2, ("classes", "sections"): 1,
                ("enrollments", "section_enrollments"): 2, ("enrollments", "staff_sections"): 1,
                ("results", "oneroster_results"): 2})
        users = next(f for f in as_zip if f["dataset"] == "students")
        self.assertEqual(users["skipped"], [{"line": 4, "reason": "not a student"},
                                            {"line": 5, "reason": "not a student"}])
        text = homeroom("check", self.folder / "known-zip").stdout
        self.assertIn("bundle: OneRoster 1.1", text)

    def test_each_file_that_is_not_as_the_manifest_says_is_an_issue_on_its_line(self):
        files = {k: v for k, v in ONEROSTER.items() if k != "courses.csv"}
        said = manifest(files, courses="bulk", results="absent", demographics="some")
        path = self.write("wrong/export.zip", zipped({"manifest.csv": said, **files,
                                                      "extra.csv": "a,b\n1,2\n"}))
        report = self.check(path, 4)
        at = {row.split(",")[0]: i for i, row in enumerate(said.splitlines(), 1)}
        issues = {i["line"]: (i["severity"], i["message"]) for i in report[0]["issues"]}
        self.assertEqual(issues, {
            at["file.courses"]: ("error", "courses.csv is not there, and the manifest says it is"),
            at["file.results"]: ("error",
                                 "results.csv is there, and the manifest says it is absent"),
            at["file.demographics"]: ("warning",
                                      "file.demographics is none of bulk, delta and absent"),
            0: ("warning", "extra.csv is there, and the manifest does not name it")})
        status = {f["path"].rsplit("/", 1)[1]: f["status"] for f in report}
        self.assertEqual(status.pop("results.csv"), "problems")
        self.assertEqual(status.pop("manifest.csv"), "read")
        self.assertEqual(set(status.values()), {"ok"})
        held = next(f for f in report if f["path"].endswith("results.csv"))
        self.assertIn("the file alone: homeroom run", held["reason"])
        self.assertEqual(held["rows"]["pending"], 2)

    def test_an_unknown_version_holds_the_files_until_someone_looks(self):
        for version, line, words in (("2.0", 3, "neither 1.1 nor 1.2"), ("", 1, "does not say")):
            with self.subTest(version):
                path = self.write(f"version{version}/export.zip", zipped(bundle(version=version)))
                report = self.check(path, 4)
                issue = report[0]["issues"][0]
                self.assertEqual((issue["line"], issue["severity"]), (line, "error"))
                self.assertIn(words, issue["message"])
                self.assertEqual({f["status"] for f in report[1:]}, {"problems"})
                alone = self.check(f"{path}/orgs.csv", 0)
                self.assertEqual(alone[0]["rows"]["loaded"], 1)

    def test_in_1_2_the_roles_file_says_who_is_a_student(self):
        head, *rows = ONEROSTER["users.csv"].splitlines()
        names = head.split(",")
        kept = [i for i, name in enumerate(names) if name not in ("role", "orgSourcedIds")]
        without = lines(*(",".join(row.split(",")[i] for i in kept) for row in [head, *rows]))
        files = dict(ONEROSTER, **{
            "users.csv": without,
            "roles.csv": lines("sourcedId,status,dateLastModified,userSourcedId,roleType,role,"
                               "beginDate,endDate,orgSourcedId,userProfileSourcedId",
                               *(f"r{u},,,{u},primary,{role},,,s10," for u, role in (
                                   ("u1", "student"), ("u2", "student"), ("u9", "teacher"),
                                   ("p1", "parent"))))})
        report = self.check(self.write("v12/export.zip", zipped(bundle(files, version="1.2"))), 0)
        self.assertEqual({f["bundle"] for f in report}, {"OneRoster 1.2"})
        went = {f["dataset"]: f["rows"]["loaded"] for f in report
                if f["path"].endswith("users.csv")}
        self.assertEqual(went, {"students": 2, "staff": 1})
        del files["roles.csv"]
        report = self.check(self.write("v12b/export.zip", zipped(bundle(files, version="1.2"))), 4)
        held = [f for f in report if f["path"].endswith("users.csv")]
        self.assertEqual([f["status"] for f in held], ["problems", "problems"])
        self.assertIn("roles.csv", held[0]["reason"])

    def test_it_loads_once_and_a_delta_closes_nothing(self):
        drop = self.write("drop/sis/export.zip", zipped(bundle()))
        first = self.run_json(drop)["files"]
        self.assertEqual({f["status"] for f in first[1:]}, {"loaded"})
        again = self.run_json(drop, codes=(0,))["files"]
        self.assertEqual({f["status"] for f in again[1:]}, {"duplicate"})
        student = self.query("select first_name, birth_date::text as born, race_asian as asian "
                             "from data.students where student_id = 'u2'")
        self.assertEqual(student, [{"first_name": "Bo", "born": "2014-06-02", "asian": "yes"}])
        self.assertEqual(self.query("select staff_id, role from data.staff"),
                         [{"staff_id": "u9", "role": "teacher"}])
        seats = self.query("select count(*) as n from data.section_enrollments e join "
                           "data.students using (student_id) join data.sections using (section_id)")
        self.assertEqual(seats, [{"n": 2}])

        gone = {"users.csv": ONEROSTER["users.csv"].splitlines(),
                "results.csv": ONEROSTER["results.csv"].splitlines()}
        delta = {"users.csv": with_status(lines(gone["users.csv"][0], gone["users.csv"][2]),
                                          "tobedeleted"),
                 "results.csv": with_status(lines(gone["results.csv"][0],
                                                  gone["results.csv"][2].replace(",9,", ",8,")),
                                            "active")}
        said = manifest(delta, users="delta", results="delta")
        changes = self.write("drop/sis/changes.zip", zipped({"manifest.csv": said, **delta}))
        files = self.run_json(changes)["files"]
        self.assertEqual({f["status"] for f in files[1:]}, {"loaded"})
        self.assertEqual(sum(f["table_rows"]["closed"] for f in files), 0)
        self.assertEqual(
            self.query("select student_id, enrollment_status as status from data.students "
                       "order by 1"),
            [{"student_id": "u1", "status": None}, {"student_id": "u2", "status": "to_be_deleted"}])
        self.assertEqual(self.query("select sourced_id, score from data.oneroster_results "
                                    "order by 1"),
                         [{"sourced_id": "r1", "score": 7}, {"sourced_id": "r2", "score": 8}])
        shown = json.loads(homeroom("explain", "staff", "u9", "--data", self.data,
                                    "--json").stdout)["rows"][0]
        self.assertEqual((shown["path"], shown["line"]), (f"{drop}/users.csv", 4))
        self.assertIn("sourcedId", [cell["header"] for cell in shown["cells"]])

    def test_a_file_of_a_bundle_is_cleaned_as_the_same_file_alone(self):
        self.write_bundle("alone/sis", ONEROSTER)
        self.write("together/sis/export.zip", zipped(bundle()))
        found = {}
        for name in ("alone", "together"):
            homeroom("clean", self.folder / name, "--out", self.folder / f"out-{name}")
            found[name] = {p.relative_to(self.folder / f"out-{name}"): p.read_bytes()
                           for p in (self.folder / f"out-{name}" / "clean").rglob("*.csv")}
        self.assertGreaterEqual(len(found["alone"]), 10)
        self.assertEqual(found["alone"], found["together"])


CLEVER = {
    "schools.csv": "School_id,School_name,School_number,State_id,Low_grade,High_grade,Principal\n"
                   "10,Lincoln Elementary,010,A10,KG,05,Pat Hill\n",
    "students.csv": "School_id,Student_id,Student_number,State_id,Last_name,Middle_name,First_name,"
                    "Grade,Gender,DOB,Race,Hispanic_Latino,Ell_status,Frl_status,IEP_status\n"
                    "10,S1,001,A001,Long,,Ada,5,F,05/11/2014,W,N,N,F,N\n"
                    "10,S2,002,A002,Short,,Bo,5,M,05/22/2014,A,N,Y,P,N\n",
    "teachers.csv": "School_id,Teacher_id,Teacher_number,Teacher_email,First_name,Last_name,Title\n"
                    "10,T1,901,tea@example.org,Tea,Cher,Teacher\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name,Section_number,Grade,Course_name,"
                    "Course_number,Period,Subject,Term_name,Term_start,Term_end\n"
                    "10,K1,T1,Math 5 A,A,5,Math 5,M5,1,math,Fall,08/18/2025,12/19/2025\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n10,K1,S1\n10,K1,S2\n",
    "staff.csv": "School_id,Staff_id,Staff_email,First_name,Last_name,Department,Title\n"
                 "10,P1,pat@example.org,Pat,Hill,Office,Principal\n",
}


class Clever(FolderTest):
    def test_a_bundle_is_known_by_its_names_and_headers_and_ordered(self):
        for name, content in CLEVER.items():
            self.write(f"folder/sis/{name}", content)
        self.write("zip/sis/clever.zip", zipped(CLEVER))
        for path in ("folder", "zip"):
            files = self.report(homeroom("check", self.folder / path, "--json"), 0)["files"]
            self.assertEqual({f["bundle"] for f in files}, {"Clever"})
            self.assertEqual([(f["path"].rsplit("/", 1)[1][:-4], f["dataset"]) for f in files],
                             [("schools", "schools"), ("staff", "staff"), ("teachers", "staff"),
                              ("students", "students"), ("sections", "sections"),
                              ("enrollments", "section_enrollments")])
            self.assertIn("bundle: Clever", homeroom("check", self.folder / path).stdout)

    def test_a_student_with_two_contacts_is_one_student(self):
        head, *rows = CLEVER["students.csv"].splitlines()
        rows = [f"{rows[0]},Mother,Ann", f"{rows[0]},Father,Al", f"{rows[1]},,"]
        students = "\n".join([head + ",Contact_relationship,Contact_name", *rows]) + "\n"
        path = self.write("contacts/export.zip", zipped(dict(CLEVER, **{"students.csv": students})))
        report = self.report(homeroom("check", path, "--json"), 0)["files"]
        file = next(f for f in report if f["dataset"] == "students")
        self.assertEqual((file["rows"]["loaded"], file["rows"]["duplicate"]), (2, 1))
        self.assertIn("repeated_rows", [issue["rule"] for issue in file["issues"]])

    def test_files_with_such_names_and_other_headers_are_no_bundle(self):
        other = dict(CLEVER, **{"students.csv": STUDENTS})
        path = self.write("other/export.zip", zipped(other))
        files = self.report(homeroom("check", path, "--json"), 0)["files"]
        self.assertEqual({f["bundle"] for f in files}, {None})


if __name__ == "__main__":
    unittest.main()
