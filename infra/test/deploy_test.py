#!/usr/bin/env python3
"""What infra/deploy and infra/destroy ask of AWS, in which order, with an `aws` that only writes down what it is told.

Usage: deploy_test.py
"""
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

INFRA = pathlib.Path(__file__).resolve().parent.parent
# Says who is signed in and what stacks say of themselves; every bucket holds one object until it is deleted.
AWS = """#!/usr/bin/env bash
echo "$*" >>"$CALLS"
case "$*" in
  "sts get-caller-identity"*) echo 111122223333 ;;
  *"OutputKey=='"*) all=$*; key=${all#*OutputKey==?}; echo "bucket-${key%%[^A-Za-z]*}" ;;
  *head-object*) exit 254 ;;
  *list-object-versions*) if grep -q "delete-objects --bucket $4" "$CALLS"; then echo '{"Objects": []}'
    else echo '{"Objects": [{"Key": "k", "VersionId": "v"}]}'; fi ;;
  *delete-objects*) echo "${REFUSED:-0}" ;;
esac
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.calls = self.folder / "calls"
        program = self.folder / "aws"
        program.write_text(AWS, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.authority = self.folder / "authority.pem"
        self.authority.write_text("made up", encoding="utf-8")

    def build(self):
        for name in ("build/lambda/homeroom-lambda-x86_64.zip", "infra/glue/load_job.py", "build/glue/homeroom.gluewheels.zip"):
            path = self.folder / name
            path.parent.mkdir(parents=True)
            path.write_text(name, encoding="utf-8")

    def run_script(self, *command, typed="", **more):
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "CALLS": str(self.calls),
                       "AWS_REGION": "us-east-1", "HOMEROOM_BUILT": str(self.folder), "HOMEROOM_AWS_SETTINGS": "",
                       "HOMEROOM_AWS_PROFILE": "small", "DATABASE_AUTHORITY": str(self.authority), **more}
        ended = subprocess.run([INFRA / command[0], *command[1:]], input=typed, env=environment, capture_output=True,
                               text=True, check=False, timeout=300)
        asked = self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []
        return ended, [call for call in asked if not call.startswith("cloudformation describe")]

    def test_deploy_makes_the_data_first_and_gives_the_pipeline_keys_with_a_hash(self):
        self.build()
        ended, asked = self.run_script("deploy")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        data, protect, *uploads, pipeline = asked[1:]
        self.assertIn("cloudformation deploy --stack-name homeroom-data", data)
        self.assertIn("update-termination-protection --enable-termination-protection", protect)
        self.assertEqual(len([call for call in uploads if call.startswith("s3api put-object --bucket bucket-ArtifactsBucket")]), 4)
        self.assertRegex(pipeline, r"^cloudformation deploy --stack-name homeroom-pipeline .* LambdaZip=programs/[0-9a-f]{16}/"
                         r"homeroom-lambda-x86_64.zip JobScript=programs/\S+ JobWheels=programs/\S+ DatabaseAuthority=programs/\S+$")
        self.assertIn("s3://bucket-RawBucket/raw/", ended.stderr)

    def test_deploy_touches_nothing_when_a_program_is_missing(self):
        ended, asked = self.run_script("deploy")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("build/lambda/homeroom-lambda-x86_64.zip is not there: make lambda", ended.stderr)
        self.assertEqual(len(asked), 1)

    def test_destroy_leaves_the_data(self):
        ended, asked = self.run_script("destroy")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual([call for call in asked if "delete" in call and "wait" not in call],
                         ["cloudformation delete-stack --stack-name homeroom-pipeline"])

    def test_destroy_with_data_does_nothing_when_something_else_is_typed(self):
        ended, asked = self.run_script("destroy", "--data", typed="yes\n")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(len(asked), 1)

    def test_destroy_with_data_empties_every_bucket_before_its_stack_goes(self):
        ended, asked = self.run_script("destroy", "--data", typed="homeroom\n")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        emptied = [call.split()[3] for call in asked if "delete-objects" in call]
        self.assertEqual(emptied, ["bucket-RawBucket", "bucket-CleanBucket", "bucket-ArtifactsBucket", "bucket-AccessLogsBucket"])
        self.assertEqual([call for call in asked if "delete-stack" in call],
                         [f"cloudformation delete-stack --stack-name homeroom-{stack}" for stack in ("pipeline", "data")])
        template = json.loads((INFRA / "cdk.out/homeroom-data.template.json").read_text(encoding="utf-8"))
        self.assertEqual({one["DeletionPolicy"] for one in template["Resources"].values() if one["Type"] == "AWS::S3::Bucket"},
                         {"Delete"})

    def test_destroy_with_data_stops_at_locked_objects(self):
        ended, asked = self.run_script("destroy", "--data", typed="homeroom\n", REFUSED="1")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("locked ones not before their time", ended.stderr)
        self.assertNotIn("cloudformation delete-stack --stack-name homeroom-data", asked)


if __name__ == "__main__":
    unittest.main()
