#!/usr/bin/env python3
"""Runs the state machines' definitions in moto, which interprets them: every way that a batch can go.

Three things differ from what is deployed, since moto has no more: `.sync` (wait for the job's end) is taken off, waits are
shorter, and the Lambda answers what the test says. Usage: state_machines_test.py
"""
import contextlib
import io
import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
import zipfile

import boto3

DEFINITIONS = pathlib.Path(__file__).resolve().parent.parent / "statemachine"
FAKE = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
BATCH = "runs/batches/batch-1/"


def free_port():
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def definition(name, **names):
    text = (DEFINITIONS / f"{name}.asl.json").read_text(encoding="utf-8").replace(".sync", "")
    text = re.sub(r'"(Seconds|IntervalSeconds|BackoffRate)": [\d.]+', r'"\1": 1', text)
    return re.sub(r"\$\{(\w+)\}", lambda match: names[match[1]], text)


class StateMachines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", cls.url.rpartition(":")[2]]
        cls.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.server.wait)
        cls.addClassCleanup(cls.server.terminate)
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{cls.url}/moto-api/data.json").close()
                break
            time.sleep(0.2)

    def moto(self, path, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/moto-api/{path}", data, {"Content-Type": "application/json"})
        urllib.request.urlopen(request).close()

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, **FAKE)

    def setUp(self):
        self.moto("reset", {})
        self.moto("config", {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}})
        self.moto("state-manager/set-transition",
                  {"model_name": "glue::crawl", "transition": {"progression": "time", "seconds": 1}})
        self.role = self.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    def make_pipeline(self, answers):
        self.client("s3").create_bucket(Bucket="clean")
        program = io.BytesIO()
        with zipfile.ZipFile(program, "w") as packed:
            packed.writestr("bootstrap", "")
        self.client("lambda").create_function(FunctionName="clean", Runtime="provided.al2023", Role=self.role,
                                              Handler="bootstrap", Code={"ZipFile": program.getvalue()})
        glue = self.client("glue")
        for job in ("large", "load"):
            glue.create_job(Name=job, Role=self.role, Command={"Name": "glueetl", "ScriptLocation": "s3://any"})
        glue.create_crawler(Name="crawler", Role=self.role, Targets={"S3Targets": [{"Path": "s3://clean/clean/"}]})
        topic = self.client("sns").create_topic(Name="alarms")["TopicArn"]
        queue = self.client("sqs").create_queue(QueueName="told")["QueueUrl"]
        self.client("sns").subscribe(TopicArn=topic, Protocol="sqs",
                                     Endpoint="arn:aws:sqs:us-east-1:123456789012:told")
        self.told = queue
        # One at a time, so that answers go to files in their order.
        text = definition("pipeline", CleanFunction="clean", CleanBucket="clean", CleanJob="large", LoadJob="load",
                          Crawler="crawler", AlarmTopic=topic).replace('"MaxConcurrency": 10', '"MaxConcurrency": 1')
        self.moto("static/lambda-simple/response",
                  {"results": [json.dumps(answer) for answer in answers], "region": "us-east-1"})
        return text

    def run_machine(self, text, given):
        states = self.client("stepfunctions")
        machine = states.create_state_machine(name="machine", definition=text, roleArn=self.role)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine, name="batch-1", input=json.dumps(given))["executionArn"]
        for _ in range(300):
            described = states.describe_execution(executionArn=execution)
            if described["status"] != "RUNNING":
                return described
            time.sleep(0.2)
        self.fail("the execution does not end")

    def run_batch(self, *answers, change=lambda text: text):
        text = change(self.make_pipeline(answers))
        events = [{"detail-type": "Object Created",
                   "detail": {"bucket": {"name": "raw"}, "object": {"key": f"raw/{number}.csv", "version-id": "v"}}}
                  for number in range(len(answers))]
        return self.run_machine(text, events)

    def stored(self, key):
        return json.loads(self.client("s3").get_object(Bucket="clean", Key=BATCH + key)["Body"].read())

    def arguments(self, job):
        return [run["Arguments"] for run in self.client("glue").get_job_runs(JobName=job)["JobRuns"]]

    def crawls(self):
        return len(self.client("glue").list_crawls(CrawlerName="crawler")["Crawls"])

    def messages(self):
        found = self.client("sqs").receive_message(QueueUrl=self.told, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"])["Subject"] for message in found]

    LOADED = [{"--mode": "load", "--objects": f"s3://clean/{BATCH}batch.json"}]

    def test_each_answer_of_the_lambda_goes_its_way(self):
        for status, crawled, loaded in (("cleaned", 1, self.LOADED), ("unchanged", 1, self.LOADED), ("held", 0, self.LOADED),
                                        ("refused", 0, self.LOADED), ("skipped", 0, []), ("gone", 0, [])):
            with self.subTest(status):
                self.setUp()
                described = self.run_batch({"status": status, "report": "runs/a.json"})
                self.assertEqual(described["status"], "SUCCEEDED")
                self.assertEqual((self.crawls(), self.arguments("load")), (crawled, loaded))
                self.assertEqual(self.stored("batch.json"),
                                 [{"status": status, "report": "runs/a.json", "object": {"bucket": "raw", "key": "raw/0.csv"}}])
                self.assertEqual(self.messages(), [])

    def test_a_file_too_large_is_cleaned_by_the_job_and_loaded_with_the_others(self):
        described = self.run_batch({"status": "cleaned", "report": "runs/a.json"}, {"status": "too_large", "report": ""})
        self.assertEqual(described["status"], "SUCCEEDED")
        self.assertEqual(self.arguments("large"), [{
            "--mode": "clean", "--objects": f"s3://clean/{BATCH}large-1.json",
            "--answer": f"s3://clean/{BATCH}large-1.answer.json"}])
        self.assertEqual(self.stored("large-1.json"),
                         [{"bucket": {"name": "raw"}, "object": {"key": "raw/1.csv", "version-id": "v"}}])
        self.assertEqual([(one["status"], one["report"]) for one in self.stored("batch.json")],
                         [("cleaned", "runs/a.json"), ("handed_over", f"{BATCH}large-1.answer.json")])
        self.assertEqual((self.crawls(), self.arguments("load")), (1, self.LOADED))

    def test_a_file_that_gets_no_answer_is_set_aside_and_the_others_are_loaded(self):
        described = self.run_batch({"status": "cleaned", "report": "runs/a.json"}, {"errorMessage": "no answer"})
        self.assertEqual((described["status"], described["error"]), ("FAILED", "Homeroom.SetAside"))
        self.assertEqual([one["status"] for one in self.stored("batch.json")], ["cleaned", "set_aside"])
        self.assertEqual(self.arguments("load"), self.LOADED)
        self.assertEqual(self.messages(), ["Homeroom: a file was set aside after three tries"])

    def test_a_lambda_that_cannot_be_called_sets_each_file_aside(self):
        described = self.run_batch({}, change=lambda text: text.replace('"FunctionName": "clean"', '"FunctionName": "none"'))
        self.assertEqual((described["status"], described["error"]), ("FAILED", "Homeroom.SetAside"))
        self.assertEqual(self.arguments("load"), [])

    def test_a_job_that_cannot_start_fails_the_batch_and_tells(self):
        described = self.run_batch({"status": "cleaned", "report": "runs/a.json"},
                                   change=lambda text: text.replace('"JobName": "load"', '"JobName": "none"'))
        self.assertEqual((described["status"], described["error"]), ("FAILED", "Homeroom.BatchFailed"))
        self.assertEqual(self.messages(), ["Homeroom: a batch of files was not loaded"])

    def test_a_crawler_that_cannot_start_fails_the_batch_before_anything_is_loaded(self):
        described = self.run_batch({"status": "cleaned", "report": "runs/a.json"},
                                   change=lambda text: text.replace('"Name": "crawler"', '"Name": "none"'))
        self.assertEqual((described["status"], described["error"]), ("FAILED", "Homeroom.BatchFailed"))
        self.assertEqual(self.arguments("load"), [])

    def test_a_hundred_files_with_the_longest_keys_fit(self):
        event = {"version": "0", "id": "0" * 36, "detail-type": "Object Created", "source": "aws.s3", "account": "123456789012",
                 "time": "2025-11-03T12:30:00Z", "region": "us-east-1", "resources": ["arn:aws:s3:::" + "b" * 63],
                 "detail": {"version": "0", "bucket": {"name": "b" * 63},
                            "object": {"key": "k" * 1024, "size": 5 * 2**40, "etag": "e" * 32, "version-id": "v" * 32,
                                       "sequencer": "0" * 18},
                            "request-id": "R" * 16, "requester": "1" * 12, "source-ip-address": "255.255.255.255",
                            "reason": "CompleteMultipartUpload"}}
        outcome = {"status": "handed_over", "report": "r" * 1024, "object": {"bucket": "b" * 63, "key": "k" * 1024}}
        most = 256 * 1024
        self.assertLess(100 * len(json.dumps(event)), most)
        self.assertLess(100 * len(json.dumps(outcome)), most)

    def ask_for_files(self, hour, *arrivals):
        for arrival in arrivals:
            self.client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[{
                "MetricName": "NumberOfMessagesSent", "Dimensions": [{"Name": "QueueName", "Value": "files"}],
                "Timestamp": arrival, "Value": 1, "Unit": "Count"}])
        described = self.run_machine(definition("expected_file", FilesQueue="files"), {"hour": hour})
        self.assertEqual(described["status"], "SUCCEEDED", described.get("cause"))
        now = time.time()
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace="Homeroom", MetricName="NoFileByExpectedHour", StartTime=now - 3600, EndTime=now + 3600, Period=7200,
            Statistics=["Maximum"])["Datapoints"]
        return [point["Maximum"] for point in points]

    def test_no_file_by_the_expected_hour_counts_one(self):
        self.assertEqual(self.ask_for_files("2025-11-03T12:30:00Z", "2025-11-02T23:00:00Z"), [1])

    def test_a_file_before_the_expected_hour_counts_nothing(self):
        self.assertEqual(self.ask_for_files("2025-11-03T12:30:00Z", "2025-11-03T11:00:00Z"), [0])


if __name__ == "__main__":
    unittest.main(verbosity=1)
