"""Files and stores in S3: the same comes out as of folders, whatever happens to the wire."""

import io
import json
import pathlib
import random
import shutil
import sys
import threading
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e"), str(HERE.parent / "sweep")]

from object_store import GATEWAY, ObjectStore
from support import FolderTest, homeroom
from wire import DOWN, UP, Wire

HEADER = "student_id,school_id,date,status,comment\n"
LARGE = 21_000_000  # bytes: more than two parts of an upload


def attendance(first, count, day="2025-09-02", comment=""):
    return HEADER + "".join(f"{first + i:07},010,{day},{'APT'[i % 3]},{comment}\n" for i in range(count))


def objects_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and ".tmp" not in path.parts}


def without_time(objects):
    """Run reports say when and where; the rest is to be equal to the byte."""
    return {key: content for key, content in objects.items() if not key.startswith("runs/")}


@unittest.skipUnless(GATEWAY.exists(), "build/versitygw is not here: tools/versitygw builds it")
class S3(FolderTest):
    def setUp(self):
        self.home = self.folder / self._testMethodName
        self.store = ObjectStore(self.home)
        for bucket in ("raw", "clean"):
            self.store.make_bucket(bucket)
        self.addCleanup(self.store.stop)

    def call(self, *words, port=None, timeout=120, **more):
        return homeroom(*words, env=self.store.environment(port, **more), timeout=timeout)

    def fill(self):
        """A folder on this machine and the bucket `raw`, with the same files."""
        files = self.home / "files"
        wrong = attendance(50, 3) + "0000099,010,13/45/2025,A,\n"
        for name, text in {"sis/attendance_0902.csv": attendance(1, 40),
                           "sis/attendance_0903.csv": wrong,
                           "sis/sub folder/attendance é+1 %.csv": attendance(60, 5, "2025-09-04")}.items():
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            (files / name).write_text(text)
        self.store.put_folder("raw", files)
        return files

    def clean_both(self, *, expect=3):
        """What `clean` writes of a folder into a folder, and of a bucket into a bucket."""
        files, out = self.fill(), self.home / "out"
        here = homeroom("clean", files, "--out", out)
        there = self.call("clean", "s3://raw/", "--out", "s3://clean/district")
        self.assertEqual((here.returncode, there.returncode), (expect, expect), there.stderr)
        return out

    def test_a_bucket_is_cleaned_into_a_bucket_like_a_folder_into_a_folder(self):
        out = self.clean_both()
        below = {key.removeprefix("district/"): content
                 for key, content in self.store.objects_of("clean").items()}
        here = objects_below(out)
        self.assertEqual(without_time(below), without_time(here))
        # Manifests are named after the address too.
        self.assertEqual(len(below), len(here))

    def test_stages_in_buckets_load_what_run_loads(self):
        files = self.fill()
        done = [self.call("clean", "s3://raw", "--out", "s3://clean"), self.call("crawl", "s3://clean"),
                self.call("load", "s3://clean", "--data", self.home / "a"),
                homeroom("run", files, "--data", self.home / "b"),
                self.call("run", "s3://raw/sis", "--data", self.home / "c")]
        self.assertEqual([each.returncode for each in done], [3, 0, 3, 3, 3],
                         [each.stderr[-300:] for each in done])
        tables = []
        for name in "abc":
            self.addCleanup(homeroom, "db", "stop", "--data", self.home / name)
            rows = homeroom("sql", "select student_id, date, status, _line from data.attendance_daily "
                            "order by 1, 2", "--data", self.home / name, "--json")
            tables.append(rows.stdout)
        self.assertIn("0000063", tables[0])
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[2], tables[1])

    def test_an_archive_in_a_bucket_is_opened(self):
        files = self.fill()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as out:
            for path in sorted(files.rglob("*.csv")):
                out.write(path, path.relative_to(files))
        self.store.put("raw", "zips/week.zip", archive.getvalue())
        for words, rows in (("s3://raw/zips/", [40, 4, 5]),
                            ("s3://raw/zips/week.zip/sis/attendance_0902.csv", [40])):
            done = self.call("check", words, "--json")
            found = [file["rows"]["read"] for file in json.loads(done.stdout)["files"]]
            self.assertEqual(found, rows)

    def test_a_large_object_goes_in_parts_both_ways(self):
        text = attendance(1, LARGE // 170, comment="x" * 140)
        self.store.put("raw", "sis/attendance.csv", text)
        local = self.write("large/sis/attendance.csv", text)
        done = self.call("clean", "s3://raw/sis/attendance.csv", "--out", "s3://clean")
        self.assertEqual(done.returncode, 0, done.stderr)
        homeroom("clean", local, "--out", self.home / "out")
        self.assertGreater(len(text), LARGE * 0.9)
        self.assertEqual(without_time(self.store.objects_of("clean")),
                         without_time(objects_below(self.home / "out")))
        self.assertEqual(self.store.parts_of("clean"), [])

    def test_a_cut_wire_leaves_whole_objects_or_none(self):
        """Of one file, cut at bytes of either way: it works by trying again, or says what happened."""
        text = attendance(1, LARGE // 170, comment="x" * 140)
        self.store.put("raw", "sis/attendance.csv", text)
        local = self.write("cut/sis/attendance.csv", text)
        homeroom("clean", local, "--out", self.home / "out")
        wanted = without_time(objects_below(self.home / "out"))
        chance = random.Random(7)
        for way in (DOWN, UP):
            for how in ("reset", "end"):
                cut = chance.randrange(200, LARGE)
                shutil.rmtree(self.store.objects / "clean" / "clean", ignore_errors=True)
                with self.subTest(way=way, how=how, cut=cut), Wire(self.store.port, cut, way, how) as wire:
                    done = self.call("clean", "s3://raw/sis/", "--out", "s3://clean", port=wire.port)
                    got = without_time(self.store.objects_of("clean"))
                    for key, content in got.items():
                        self.assertEqual(content, wanted.get(key), key)
                    if done.returncode == 0:
                        self.assertEqual(got, wanted)
                    else:
                        self.assertIn(done.returncode, (4, 6), done.stderr)
                        self.assertIn("s3://", done.stdout + done.stderr)

    def test_a_silent_store_is_given_up(self):
        self.fill()
        with Wire(self.store.port, 300, DOWN, "silent", is_for_good=True) as wire:
            done = self.call("check", "s3://raw/", port=wire.port, HOMEROOM_S3_TIMEOUT="3")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("s3://raw", done.stdout + done.stderr)

    def test_an_object_that_is_replaced_meanwhile_is_never_read_as_a_mixture(self):
        """Whichever of the two it is, it is one of them."""
        texts = [attendance(first, LARGE // 170, comment=letter * 140)
                 for first, letter in ((1, "x"), (1_000_000, "y"))]
        self.store.put("raw", "sis/attendance.csv", texts[0])
        stop = threading.Event()

        def replace():
            turn = 0
            while not stop.wait(0.03):
                turn += 1
                self.store.put("raw", "sis/attendance.csv", texts[turn % 2])

        thread = threading.Thread(target=replace)
        thread.start()
        done = self.call("clean", "s3://raw/sis/attendance.csv", "--out", "s3://clean")
        stop.set()
        thread.join()
        for key, content in without_time(self.store.objects_of("clean")).items():
            self.assertNotEqual(b"xxx" in content, b"yyy" in content, key)
        if done.returncode:
            self.assertIn("changed while it was read", done.stdout + done.stderr)

    def test_what_is_not_there_or_not_allowed_is_said(self):
        for words, key, wanted in (
                (("check", "s3://raw/nothing.csv"), {}, "s3://raw/nothing.csv: no such object or folder"),
                (("check", "s3://none/"), {}, "s3://none: there is no such bucket"),
                (("check", "s3://"), {}, "s3:// is no address of S3"),
                (("check", "s3://raw/"), {"AWS_SECRET_ACCESS_KEY": "wrong"}, "s3://raw: access denied"),
                (("check", "s3://raw/"), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "cannot be reached")):
            with self.subTest(wanted):
                done = self.call(*words, **key)
                self.assertIn(done.returncode, (4, 6))
                self.assertIn(wanted, " ".join((done.stdout + done.stderr).split()))


if __name__ == "__main__":
    unittest.main()
