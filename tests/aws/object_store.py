"""An S3 store for tests: versitygw, strict about signatures, over a folder in which each bucket is a
folder and each object a file; so tests see objects without a client of their own."""

import hashlib
import hmac
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "sweep"))

from server import free_port

GATEWAY = ROOT / "build" / "versitygw"
KEY, SECRET = "homeroom-test", "not-a-secret-at-all"
# What is no object: versitygw keeps parts of uploads and old versions in folders of these names.
NOT_OBJECTS = (".sgwtmp", ".sgwver")


def signed_headers(method, path, port, body):
    """AWS's signature, version 4, of a request without a query (docs.aws.amazon.com, "Signature
    Calculations for the Authorization Header")."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    headers = {"host": f"127.0.0.1:{port}", "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
               "x-amz-date": now}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{headers['x-amz-content-sha256']}"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashed}".encode(), "sha256").hex()
    return headers | {"authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, "
                                       f"SignedHeaders={names}, Signature={signature}"}


class ObjectStore:
    def __init__(self, folder):
        self.objects = pathlib.Path(folder) / "objects"
        self.objects.mkdir(parents=True)
        (pathlib.Path(folder) / "versions").mkdir()
        self.port = free_port()
        self._process = subprocess.Popen(
            [GATEWAY, "--port", f"127.0.0.1:{self.port}", "--quiet", "posix", "--versioning-dir",
             pathlib.Path(folder) / "versions", self.objects],
            env=os.environ | {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the store does not start")

    def stop(self):
        self._process.kill()
        self._process.wait()

    def environment(self, port=None, **more):
        return {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}"} | more

    def make_bucket(self, name):
        (self.objects / name).mkdir()

    def put(self, bucket, key, content):
        """Through the store, which then knows the object's hash."""
        path = urllib.parse.quote(f"/{bucket}/{key}")
        body = content.encode() if isinstance(content, str) else content
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, method="PUT",
                                         headers=signed_headers("PUT", path, self.port, body))
        with urllib.request.urlopen(request, timeout=60):
            pass

    def put_folder(self, bucket, folder):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(bucket, str(path.relative_to(folder)), path.read_bytes())

    def objects_of(self, bucket):
        """Bytes by key."""
        root = self.objects / bucket
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*"))
                if path.is_file() and not set(path.relative_to(root).parts) & set(NOT_OBJECTS)}

    def parts_of(self, bucket):
        """Files of uploads that were neither finished nor given up."""
        left = self.objects / bucket / ".sgwtmp" / "multipart"
        return [path for path in left.rglob("*") if path.is_file()] if left.exists() else []
