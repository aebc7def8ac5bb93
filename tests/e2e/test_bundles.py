"""Archives of several files: each is a file of its own, loaded exactly once."""

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
        files = dict(FILES, **{"deep/att_2025-11.csv":
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
                         [f"{first}/{name}" for name in sorted(FILES)])
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
        self.assertEqual(status, ["duplicate", "duplicate", "loaded"])

        shown = json.loads(homeroom("explain", "students", "0001", "--data", self.data,
                                    "--json").stdout)["rows"][0]
        self.assertEqual((shown["path"], shown["line"]), (f"{first}/students.csv", 2))
        self.assertRegex(shown["raw"], r"^raw/sis/export-[0-9a-f]{8}\.zip/students\.csv$")
        self.assertIsNone(shown["trouble"])
        self.assertIn("Ada", [cell["original"] for cell in shown["cells"]])
        left = [p for p in (self.data / "store").rglob("*") if "incoming" in p.name]
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
