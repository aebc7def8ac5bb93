"""The Lambda function under AWS's own emulator, against an S3 store: events of each kind in, clean
objects out, the same for the same object however often and in whatever order the events come."""

import io
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from object_store import GATEWAY, ROOT, ObjectStore, free_port
from support import PROGRAM, FolderTest, homeroom

FUNCTION = pathlib.Path(os.environ.get("HOMEROOM_LAMBDA", pathlib.Path(PROGRAM).parent / "homeroom-lambda"))
EMULATOR = ROOT / "build" / "lambda-emulator" / "aws-lambda-rie-x86_64"
HEADER = "student_id,school_id,date,status\n"
ATTENDANCE = HEADER + "0012345,010,2025-09-11,Tardy\n0012346,010,13/45/2025,A\n"


class Function:
    """The program as Lambda runs it."""

    def __init__(self, store, **environment):
        self.port, runtime = free_port(), free_port()
        self._log = open(store.objects.parent / f"log-{self.port}", "w+b")
        self._process = subprocess.Popen(
            [EMULATOR, "--runtime-interface-emulator-address", f"127.0.0.1:{self.port}",
             "--runtime-api-address", f"127.0.0.1:{runtime}", FUNCTION],
            env=os.environ | store.environment() | {"HOMEROOM_CLEAN_BUCKET": "clean"} | environment,
            stdout=self._log, stderr=subprocess.STDOUT)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the emulator does not start")

    def __call__(self, event):
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"
        with urllib.request.urlopen(url, json.dumps(event).encode(), timeout=120) as answer:
            return json.loads(answer.read())

    def log(self):
        self._log.flush()
        return pathlib.Path(self._log.name).read_text(errors="replace")

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def bridge(key):
    return {"version": "0", "source": "aws.s3", "detail-type": "Object Created",
            "detail": {"bucket": {"name": "raw"}, "object": {"key": key, "size": 1}}}


def record(key):
    return {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "raw"}, "object": {"key": key.replace(" ", "+")}}}


def queue(*bodies):
    return {"Records": [{"messageId": str(i), "eventSource": "aws:sqs",
                         "body": body if isinstance(body, str) else json.dumps(body)}
                        for i, body in enumerate(bodies)]}


@unittest.skipUnless(GATEWAY.exists() and EMULATOR.exists() and FUNCTION.exists(),
                     "build/versitygw, build/lambda-emulator or homeroom-lambda is not here")
class Lambda(FolderTest):
    def setUp(self):
        self.store = ObjectStore(self.folder / self._testMethodName)
        self.addCleanup(self.store.stop)
        for bucket in ("raw", "clean", "settings"):
            self.store.make_bucket(bucket)

    def start(self, **environment):
        function = Function(self.store, **environment)
        self.addCleanup(function.stop)
        return function

    def test_an_object_is_cleaned_and_the_answer_says_where_it_went(self):
        self.store.put("raw", "sis/attendance_0911.csv", ATTENDANCE)
        function = self.start()
        answer = function(bridge("sis/attendance_0911.csv"))
        rows = answer.pop("rows")
        self.assertEqual((rows["read"], rows["loaded"], rows["quarantined"]), (2, 1, 1))
        name = re.search(r"attendance_0911-[0-9a-f]{8}", answer["report"]).group()
        self.assertEqual(answer, {
            "status": "cleaned", "bucket": "raw", "key": "sis/attendance_0911.csv", "version_id": "",
            "dataset": "attendance_daily", "report": f"runs/{name}.json",
            "clean": [f"clean/attendance_daily/school_year=2026/{name}.csv"]})
        objects = self.store.objects_of("clean")
        self.assertIn(b"0012345,010,2025-09-11,tardy,2,", objects[answer["clean"][0]])
        self.assertIn(f"quarantine/attendance_daily/{name}.csv", objects)
        self.assertIn(answer["report"], objects)

    def test_what_was_cleaned_here_is_what_the_program_cleans_from_a_folder(self):
        files = self.folder / "same"
        for name, text in (("sis/attendance_0911.csv", ATTENDANCE), ("sis/odd.csv", "a,b\n1,2\n")):
            self.write(f"same/{name}", text)
        self.store.put_folder("raw", files)
        function = self.start()
        for name in ("sis/odd.csv", "sis/attendance_0911.csv"):
            self.assertEqual(function({"Records": [record(name)]})["status"], "cleaned")
        homeroom("clean", files, "--out", self.folder / "same-out")
        here = {str(path.relative_to(self.folder / "same-out")): path.read_bytes()
                for path in (self.folder / "same-out").rglob("*") if path.is_file()}
        there = self.store.objects_of("clean")
        is_row = lambda key: key.startswith(("clean/", "quarantine/"))
        self.assertEqual({k: v for k, v in there.items() if is_row(k)},
                         {k: v for k, v in here.items() if is_row(k)})

    def test_the_same_events_twice_and_shuffled_leave_the_same_objects(self):
        keys = [f"sis/attendance_09{day:02}.csv" for day in range(1, 7)]
        for day, key in enumerate(keys, 1):
            self.store.put("raw", key, HEADER + f"0000001,010,2025-09-{day:02},A\n")
        function = self.start()
        for key in keys:
            function(bridge(key))
        once = self.store.objects_of("clean")
        events = [bridge(key) for key in keys] * 2 + [{"Records": [record(key)]} for key in keys]
        random.Random(3).shuffle(events)
        for event in events:
            function(event)
        self.assertEqual(self.store.objects_of("clean"), once)

    def test_a_batch_of_a_queue_names_only_the_messages_that_failed(self):
        self.store.put("raw", "sis/attendance 1.csv", ATTENDANCE)
        function = self.start()
        answer = function(queue(bridge("sis/attendance 1.csv"), "no event",
                                {"Records": [record("sis/attendance 1.csv")]}, bridge("sis/gone.csv")))
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "1"}]})

    def test_what_is_no_table_or_not_there_or_too_large_is_said(self):
        self.store.put("raw", "sis/README.txt", "hello")
        self.store.put("raw", "sis/empty.csv", "")
        self.store.put("raw", "sis/large.csv", HEADER + "0012345,010,2025-09-11,Tardy\n" * 100)
        function = self.start(HOMEROOM_BYTES_PER_SECOND="1")
        for key, status in (("sis/README.txt", "skipped"), ("sis/gone.csv", "gone"),
                            ("sis/empty.csv", "refused"), ("sis/large.csv", "too_large")):
            self.assertEqual(function(bridge(key))["status"], status, key)
        self.assertNotIn("large", " ".join(self.store.objects_of("clean")))

    def test_an_archive_is_answered_for_as_a_whole(self):
        packed = {"good.zip": {"sis/attendance_0911.csv": ATTENDANCE, "sis/odd.csv": "a,b\n1,2\n"},
                  "evil.zip": {"../evil.csv": "a,b\n1,2\n"}}
        for name, files in packed.items():
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as out:
                for path, text in files.items():
                    out.writestr(path, text)
            self.store.put("raw", f"sis/{name}", archive.getvalue())
        function = self.start()
        good, evil = (function(bridge(f"sis/{name}")) for name in packed)
        self.assertEqual((good["status"], good["rows"]["read"], good["rows"]["loaded"]), ("cleaned", 3, 2))
        self.assertEqual((len(good["clean"]), len(good["reports"])), (2, 2))
        self.assertEqual((evil["status"], evil["clean"]), ("refused", []))

    def test_a_store_that_refuses_is_an_error_of_the_call_so_that_it_comes_again(self):
        function = self.start(AWS_SECRET_ACCESS_KEY="wrong")
        answer = function(bridge("sis/attendance.csv"))
        self.assertIn("access denied", answer["errorMessage"])

    def test_a_district_s_own_contract_is_used(self):
        self.store.put("settings", "contracts/enumerations.yaml",
                       "attendance_status:\n  values:\n    - {code: tardy, spellings: [ZZ]}\n")
        self.store.put("raw", "sis/attendance_0911.csv", HEADER + "0012345,010,2025-09-11,ZZ\n")
        function = self.start(HOMEROOM_CONTRACTS="s3://settings/contracts")
        answer = function(bridge("sis/attendance_0911.csv"))
        self.assertEqual(answer["rows"]["loaded"], 1, answer)
        self.assertIn(b",tardy,", self.store.objects_of("clean")[answer["clean"][0]])

    def test_the_log_has_counts_and_no_value_and_no_key(self):
        function = self.start()
        for key in ("sis/attendance_0911.csv", "sis/Ann Miller.csv"):
            self.store.put("raw", key, ATTENDANCE)
            function(bridge(key))
        log = function.log()
        metrics = [json.loads(line) for line in log.splitlines() if line.startswith('{"_aws"')]
        self.assertEqual([(m["RowsRead"], m["RowsQuarantined"], m["Dataset"]) for m in metrics],
                         [(2, 1, "attendance_daily"), (2, 0, "none")])
        self.assertEqual(metrics[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Homeroom")
        for word in ("0012345", "0012346", "13/45/2025", "miller"):
            self.assertNotIn(word, log.lower())


if __name__ == "__main__":
    unittest.main()
