"""What breaks while Homeroom works: files, disk, database. Nothing is lost, each trouble is told."""

import contextlib
import gzip
import os
import pwd
import shutil
import signal
import subprocess
import time
import unittest

from support import PROGRAM, FolderTest, homeroom

HEADER = "student_id,school_id,date,status\n"
IS_ROOT = os.geteuid() == 0


def attendance(first, students, days=1, comment=""):
    """Rows of attendance: each student on each day."""
    extra = "" if not comment else "," + comment
    rows = [f"{s:07d},010,2025-09-{d + 1:02d},Present{extra}\n"
            for s in range(first, first + students) for d in range(days)]
    return (HEADER if not comment else HEADER.replace("\n", ",comment\n")) + "".join(rows)


def start(*arguments):
    """The program, left running; its outcome is that of communicate()."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")}
    return subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=environment,
                            stdin=subprocess.DEVNULL)


class FaultTest(FolderTest):
    """Each test has a data folder of its own."""

    def setUp(self):
        self.data = self.folder / self._testMethodName[-20:]
        self.addCleanup(homeroom, "db", "stop", "--data", self.data)

    def file_of(self, document, name):
        return next(f for f in document["files"] if f["path"].endswith(name))

    def count(self):
        return self.query("select count(*) as n from data.attendance_daily")[0]["n"]

    def server_pid(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = (self.data / "pg/cluster/postmaster.pid").read_text()
            return int(text.splitlines()[0])
        return 0

    def wait_for_backend(self, doing, run):
        """The pid of the loader's backend while it does one of `doing`."""
        end = time.monotonic() + 60
        while time.monotonic() < end and run.poll() is None:
            for line in subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True,
                                       text=True).stdout.splitlines():
                pid, parent, title = line.split(None, 2)
                if (int(parent) == self.server_pid() and "homeroom_loader" in title
                        and title.split()[-1] in doing):
                    return int(pid)
            time.sleep(0.005)
        self.fail(f"never saw {doing}: {run.communicate()}")


class BadFilesBetweenGoodOnes(FaultTest):
    def make_folder(self):
        for day in (1, 3, 5):
            self.write(f"mixed/attendance_{day}.csv", attendance(day * 100, 20))
        packed = gzip.compress(os.urandom(5000).hex().encode())
        self.write("mixed/attendance_2.csv", b"")
        self.write("mixed/attendance_4.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
        self.write("mixed/attendance_6.csv.gz", packed[: len(packed) // 2])
        folder = self.folder / "mixed"
        (folder / "attendance_7.csv").mkdir()
        (folder / "attendance_8.csv").symlink_to("nowhere.csv")
        os.mkfifo(folder / "attendance_9.csv")
        return folder

    def test_the_good_ones_load_and_each_bad_one_says_why(self):
        folder = self.make_folder()
        document = self.run_json(folder, codes=(4,))
        reasons = {"attendance_2.csv": "is empty", "attendance_4.csv": "PDF",
                   "attendance_6.csv.gz": "ends too early", "attendance_7.csv": "empty folder",
                   "attendance_8.csv": "link to a file that is not there",
                   "attendance_9.csv": "is a pipe, not a file"}
        for name, words in reasons.items():
            file = self.file_of(document, name)
            with self.subTest(name):
                self.assertEqual(file["status"], "refused")
                self.assertIn(words, file["reason"])
                self.assertIn("; ", file["reason"])
        self.assertEqual(self.count(), 60)
        again = homeroom("run", folder, "--data", self.data)
        self.assertEqual(again.returncode, 4)
        self.assertIn("3 of 9 files were loaded before: 0 rows loaded", again.stdout)
        self.assertEqual(self.count(), 60)


@unittest.skipUnless(IS_ROOT, "SKIPPED: only root can act as another user")
class AsAnOrdinaryUser(FaultTest):
    def test_a_file_and_a_folder_without_rights_are_refused_and_the_others_go_on(self):
        program = shutil.copy(PROGRAM, self.folder / "homeroom")
        self.write("rights/a.csv", attendance(1, 3))
        self.write("rights/secret.csv", attendance(5, 3)).chmod(0)
        self.write("rights/closed/b.csv", attendance(9, 3)).parent.chmod(0)
        nobody = pwd.getpwnam("nobody")
        finished = subprocess.run([program, "check", "rights", "--json"], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60,
                                  user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
        document = self.report(finished, 4)
        self.assertEqual(self.file_of(document, "a.csv")["status"], "ok")
        for name in ("secret.csv", "closed"):
            reason = self.file_of(document, name)["reason"]
            self.assertIn("permission denied", reason)
            self.assertIn("give this user the right", reason)


class FilesThatChange(FaultTest):
    @staticmethod
    def is_being_copied(scratch):
        """The file has been opened: some of its bytes are in the store's scratch folder."""
        try:
            return any(path.stat().st_size > 0 for path in scratch.rglob(".homeroom-*"))
        except FileNotFoundError:
            return False

    def test_a_file_that_changes_or_vanishes_on_the_way_is_not_half_loaded(self):
        for what in ("grows", "vanishes"):
            path = self.write(f"{what}/attendance_b.csv", attendance(1, 40_000, 28))
            run = start("run", path.parent, "--data", self.data, "--json")
            scratch = self.data / "store/.tmp"
            while run.poll() is None and not self.is_being_copied(scratch):
                time.sleep(0.001)
            if what == "vanishes":
                path.unlink()
            while what == "grows" and run.poll() is None:
                with path.open("a") as end:
                    end.write(attendance(1, 1))
                time.sleep(0.02)
            out, error = run.communicate(timeout=120)
            finished = subprocess.CompletedProcess([], run.returncode, out, error)
            file = self.report(finished, 0, 4)["files"][0]
            with self.subTest(what):
                # Whoever has opened a file reads all of it, also when its name is gone.
                is_whole = what == "vanishes" and file["status"] == "loaded"
                if not is_whole:
                    self.assertEqual(file["status"], "refused")
                    self.assertRegex(file["reason"], "changed while it was read|does not exist")
                self.assertEqual(self.count(), 40_000 * 28 if is_whole else 0)


class DatabaseGone(FaultTest):
    def break_off(self, doing, kill):
        self.write("drop/attendance_a.csv", attendance(1, 5))
        self.write("drop/attendance_b.csv", attendance(1000, 6_000, 28, "word " * 40))
        self.write("drop/attendance_c.csv", attendance(500_000, 7))
        run = start("run", self.folder / "drop", "--data", self.data, "--json")
        while run.poll() is None and not list((self.data / "store").glob("runs/attendance_a*.json")):
            time.sleep(0.01)
        backend = self.wait_for_backend(doing, run)
        kill(backend)
        out, error = run.communicate(timeout=200)
        document = self.report(subprocess.CompletedProcess([], run.returncode, out, error), 6)
        big = self.file_of(document, "_b.csv")
        self.assertEqual((big["status"], big["rows"]["pending"]), ("held", 168_000))
        self.assertIn("connection to PostgreSQL was lost", big["reason"])
        self.assertIn(str(self.data / "pg"), big["reason"])
        self.assertIn("run the command again", big["reason"])
        self.assertEqual(self.file_of(document, "_c.csv")["status"], "loaded")
        self.assertEqual(self.count(), 12)
        again = self.run_json(self.folder / "drop", codes=(0,))
        self.assertEqual(self.file_of(again, "_b.csv")["rows"]["loaded"], 168_000)
        self.assertEqual(self.count(), 168_012)
        third = self.run_json(self.folder / "drop", codes=(0,))
        self.assertEqual({f["status"] for f in third["files"]}, {"duplicate"})
        self.assertIn("was not running", homeroom("db", "stop", "--data", self.data).stdout)

    def test_its_first_process_killed_in_the_copy(self):
        self.break_off(["COPY"], lambda _: os.kill(self.server_pid(), signal.SIGKILL))

    def test_the_session_killed_in_the_merge(self):
        self.break_off(["INSERT", "UPDATE", "INDEX", "ANALYZE"],
                       lambda backend: os.kill(backend, signal.SIGKILL))

    def test_stopped_at_once_in_the_copy(self):
        self.break_off(["COPY"], lambda _: os.kill(self.server_pid(), signal.SIGQUIT))


@unittest.skipUnless(IS_ROOT, "SKIPPED: only root may mount a small disk")
class FullDisk(FaultTest):
    def setUp(self):
        super().setUp()
        self.data.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=0711", "tmpfs",
                                  self.data], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest("SKIPPED: this machine lets nobody mount a small disk")
        self._cleanups.insert(0, (subprocess.run, (["umount", "-l", self.data],), {}))

    def test_a_load_that_does_not_fit_says_where_and_loads_once_there_is_room(self):
        self.write("full/attendance_a.csv", attendance(1, 5))
        self.write("full/attendance_b.csv", attendance(1000, 6_000, 28, "word " * 40))
        document = self.run_json(self.folder / "full", codes=(6,))
        self.assertEqual(self.file_of(document, "_a.csv")["status"], "loaded")
        big = self.file_of(document, "_b.csv")
        self.assertEqual(big["status"], "held")
        self.assertIn("full", big["reason"])
        self.assertIn(str(self.data), big["reason"])
        self.assertIn("free some space", big["reason"])
        subprocess.run(["mount", "-o", "remount,size=2g", self.data], check=True)
        self.assertEqual(self.count(), 5)
        again = self.run_json(self.folder / "full", codes=(0,))
        self.assertEqual(self.file_of(again, "_b.csv")["rows"]["loaded"], 168_000)
        self.assertEqual(self.count(), 168_005)


class ServerFolder(FaultTest):
    def make(self):
        path = self.write("one/attendance_a.csv", attendance(1, 5))
        self.run_json(path, codes=(0,))
        return path

    def test_a_stale_pid_file_is_no_hindrance(self):
        path = self.make()
        pid_file = self.data / "pg/cluster/postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n")
        shutil.chown(pid_file, (self.data / "pg").stat().st_uid)
        self.assertEqual(self.run_json(path, codes=(0,))["files"][0]["status"], "duplicate")

    def test_the_data_of_another_version_is_left_alone_and_named(self):
        path = self.make()
        (self.data / "pg/cluster/PG_VERSION").write_text("14\n")
        finished = homeroom("run", path, "--data", self.data)
        self.assertEqual(finished.returncode, 2)
        self.assertIn("PostgreSQL 14", finished.stderr)

    @unittest.skipUnless(IS_ROOT, "SKIPPED: only root can give a folder away")
    def test_a_folder_of_someone_else_is_left_alone_and_named(self):
        path = self.make()
        os.chown(self.data / "pg", 65534, 65534)
        self.addCleanup(shutil.rmtree, self.data)
        finished = homeroom("run", path, "--data", self.data)
        self.assertEqual(finished.returncode, 2)
        self.assertIn(f"{self.data}/pg belongs to user number 65534", finished.stderr)
        self.assertIn("--data", finished.stderr)

    def test_a_path_too_long_for_a_socket_works_all_the_same(self):
        self.data = self.folder / ("deep" * 30)
        self.addCleanup(homeroom, "db", "stop", "--data", self.data)
        self.make()
        self.assertEqual(self.count(), 5)


class TwoAtOnce(FaultTest):
    def test_neither_stops_the_server_under_the_other_and_nothing_is_loaded_twice(self):
        self.write("left/attendance_a.csv", attendance(1, 2_000, 28))
        for number in range(5):
            self.write(f"right/attendance_{number}.csv", attendance(100_000 + number * 10, 10))
        runs = [start("run", self.folder / name, "--data", self.data, "--json")
                for name in ("left", "right", "left")]
        loaded = 0
        for run in runs:
            out, error = run.communicate(timeout=200)
            finished = subprocess.CompletedProcess([], run.returncode, out, error)
            for file in self.report(finished, 0)["files"]:
                self.assertIn(file["status"], ("loaded", "duplicate"), file["reason"])
                loaded += file["rows"]["loaded"]
        self.assertEqual(loaded, 56_050)
        self.assertEqual(self.count(), 56_050)
        self.assertIn("was not running", homeroom("db", "stop", "--data", self.data).stdout)

    def test_a_server_started_to_stay_stays(self):
        homeroom("db", "start", "--data", self.data)
        path = self.write("stay/attendance_a.csv", attendance(1, 5))
        self.run_json(path, codes=(0,))
        self.assertIn("PostgreSQL stopped", homeroom("db", "stop", "--data", self.data).stdout)


@unittest.skipUnless(os.environ.get("HOMEROOM_TEST_HUGE"),
                     "SKIPPED: needs 2 GB of disk; HOMEROOM_TEST_HUGE=1 runs it")
class TwoGigabytes(FaultTest):
    def test_one_line_or_one_quoted_value_is_refused_in_little_memory(self):
        starts = {"line": b"", "quoted": HEADER.encode() + b"1,010,2025-09-02,Present\n2,010,\""}
        for name, head in starts.items():
            path = self.folder / f"{name}.csv"
            with open(path, "wb") as out:
                out.write(head)
                for _ in range(2048):
                    out.write(b"abcdefghijklmnop" * 65_536)
            for command in (["check"], ["run", "--data", self.data]):
                timed = subprocess.run(["/usr/bin/time", "-f", "%M", PROGRAM, *command, path],
                                       capture_output=True, text=True, timeout=300)
                with self.subTest(name, command=command[0]):
                    self.assertIn("is longer than 16,777,216 bytes", timed.stdout)
                    self.assertLess(int(timed.stderr.split()[-1]), 100_000)
            path.unlink()


if __name__ == "__main__":
    unittest.main()
