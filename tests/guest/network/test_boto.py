"""boto3, unmodified, against an object store of a few lines: uploads in parts, from threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from typing import Generator

import pytest

from simkernel import Request
from simkernel import Response
from tests.guest.network.net_world import NetWorld

INSTALL_S = 120
NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
PROGRAM = """
import boto3, botocore.config, botocore.exceptions, time
def client(**options):
    config = botocore.config.Config(s3={"addressing_style": "path"}, **options)
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url="https://server.sim", config=config, **keys)
store = client()
print(store.put_object(Bucket="b", Key="k", Body=b"hello")["ETag"])
print([each["Key"] for each in store.list_objects_v2(Bucket="b")["Contents"]])
print(store.get_object(Bucket="b", Key="k")["Body"].read())
with open("file", "wb") as target: target.write(b"x" * 20_000_000)
began = time.monotonic(); store.upload_file("file", "b", "big")
print(0.02 < time.monotonic() - began < 5)
try: client(connect_timeout=3, retries={"max_attempts": 0}).get_object(Bucket="slow", Key="k")
except botocore.exceptions.ReadTimeoutError: print("late")
"""


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, ...]:
    """Return a folder with boto3 and all that it needs; skip if there is no registry."""
    folder = tmp_path / "srv" / "packages"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--target", str(folder)]
    try:
        done = subprocess.run(
            [*pip, "boto3"], capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"boto3 is not installed within {INSTALL_S} s")
    if done.returncode:
        pytest.skip(f"boto3 cannot be installed: {done.stderr[-200:]}")
    return (Path("/srv/packages"),)


class Store:
    """An object store that takes everything and remembers the sizes of what it took."""

    def __init__(self, world: NetWorld) -> None:
        self.clock = world.clock
        self.taken: dict[str, list[int]] = {}

    def serve(self, request: Request) -> Generator[Any, Any, Response]:
        """Answer one request."""
        yield self.clock.timeout(100.0 if request.path.startswith("/slow") else 0.01)
        name = request.path.split("?")[0]
        if request.method == "PUT":
            self.taken.setdefault(name, []).append(len(request.body))
            return Response(200, (("ETag", '"abc"'),))
        if "list-type" in request.path:
            key = "<Contents><Key>k</Key><Size>5</Size></Contents>"
            return xml("ListBucketResult", f"<Name>b</Name>{key}")
        if "uploads" in request.path:
            return xml("InitiateMultipartUploadResult", "<UploadId>1</UploadId>")
        if "uploadId" in request.path:
            return xml("CompleteMultipartUploadResult", "<ETag>abc</ETag>")
        return Response(200, (), b"hello")


def xml(name: str, content: str) -> Response:
    """Return an answer in the store's language."""
    return Response(200, (), f"<{name} {NAMESPACE}>{content}</{name}>".encode())


@pytest.mark.network
def test_boto3_stores_and_fetches(world: NetWorld, packages: tuple[Path, ...]) -> None:
    store = Store(world)
    world.serve = store.serve  # type: ignore[method-assign]
    world.open_server()
    found = world.fly(PROGRAM, paths=packages)
    assert "\"abc\"\n['k']\nb'hello'\nTrue\nlate\n" == found
    # Three parts of 8 MB at most, with the frames of a body that is sent in pieces.
    assert [3, True] == [len(store.taken["/b/big"]), sum(store.taken["/b/big"]) >= 20_000_000]
