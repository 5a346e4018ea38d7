"""Clients in Python that a node offers: those of Rucio, S3 and Google, and what they raise."""

from __future__ import annotations

from pathlib import Path

from harness.record import Flight
from tests.flights.conftest import Fly
from tests.flights.conftest import scenario_named

HEAD = "import os, sys\nif '--help' in sys.argv: sys.exit()\n"
S3 = """
import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError
def say(do):
    try: print("ok", do())
    except (BotoCoreError, ClientError, S3UploadFailedError, OSError, NotImplementedError) as error:
        print(type(error).__name__, error)
open("/srv/work/a", "w").write("abc")
STORE = "https://storage.cloud.sim:443"
NOWHERE = "https://no.sim"
del os.environ["AWS_ACCESS_KEY_ID"]
say(lambda: boto3.Session(profile_name="none"))
say(lambda: boto3.client("s3", endpoint_url=STORE).upload_file("/srv/work/a", "atlas-eu", "k"))
os.environ["AWS_ACCESS_KEY_ID"] = "KEY"
s3 = boto3.Session(profile_name=None).client("s3", endpoint_url=STORE)
say(lambda: s3.upload_file("/srv/work/a", "atlas-eu", "rucio/a"))
say(lambda: s3.upload_file("/srv/work/none", "atlas-eu", "rucio/a"))
say(lambda: s3.upload_file("/srv/work/a", "none", "a"))
say(lambda: s3.head_object("atlas-eu", "rucio/a")["ContentLength"])
say(lambda: s3.download_file("atlas-eu", "rucio/a", "/srv/work/b"))
say(lambda: open("/srv/work/b").read())
say(lambda: s3.download_file("atlas-eu", "rucio/none", "/srv/work/c"))
say(lambda: boto3.client("s3", endpoint_url=NOWHERE).download_file("b", "k", "/srv/work/c"))
say(lambda: boto3.client("s3", endpoint_url="s3://no.sim").download_file("b", "k", "/srv/work/c"))
say(lambda: s3.list_buckets())
"""
GS = """
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import DefaultCredentialsError
from google.cloud import storage
def say(do):
    try: print("ok", do())
    except (GoogleAPICallError, RetryError, DefaultCredentialsError, OSError) as error:
        print(type(error).__name__, error)
open("/srv/work/a", "w").write("abc")
os.environ["STORAGE_EMULATOR_HOST"] = "https://storage.cloud.sim"
bucket = storage.Client().get_bucket("atlas-eu")
blob = bucket.blob("rucio/a")
say(blob.exists)
say(lambda: blob.upload_from_filename("/srv/work/a", content_type="text/plain"))
say(blob.exists)
say(lambda: blob.public_url)
with open("/srv/work/b", "wb") as file:
    say(lambda: storage.Client().download_blob_to_file("gs://atlas-eu/rucio/a", file))
say(lambda: open("/srv/work/b").read())
say(lambda: bucket.blob("rucio/none").download_to_filename("/srv/work/c"))
say(lambda: bucket.blob("rucio/a").upload_from_filename("/srv/work/none"))
os.environ["GOOGLE_APPLICATION_CREDENTIALS"] = "/srv/none.json"
say(storage.Client)
"""
RUCIO = """
import json
from rucio.client import Client
from rucio.client.downloadclient import DownloadClient
from rucio.client.uploadclient import UploadClient
from rucio.common.exception import RucioException
open("/srv/work/a.root", "w").write("abc")
def say(do):
    try: print("ok", do())
    except RucioException as error: print(type(error).__name__, str(error).replace(chr(10), " | "))
traces = []
up = {"path": "/srv/work/a.root", "rse": "GOOGLE_DATADISK", "did_scope": "mc", "guid": "G"}
client = UploadClient(_client=Client(rucio_host="https://rucio.sim"))
say(lambda: client.upload([up], summary_file_path="/srv/work/s.json", traces_copy_out=traces))
print(json.load(open("/srv/work/s.json"))["mc:a.root"]["bytes"], traces[0]["stateReason"])
say(lambda: client.upload([up], traces_copy_out=traces))
print(traces[1]["stateReason"])
say(lambda: client.upload([{"path": "/srv/work/none", "rse": "X"}]))
down, traces = DownloadClient(), []
item = {"did": "mc:a.root", "base_dir": "/srv/work/in", "no_subdir": True}
say(lambda: [each["clientState"] for each in down.download_dids([item], traces_copy_out=traces)])
print(open("/srv/work/in/a.root").read(), traces[0]["protocol"], traces[0]["clientState"])
item = {"did": "mc:none", "rse": "X", "pfn": "davs://storage.cloud.sim:443/atlas-eu/rucio/none"}
say(lambda: down.download_pfns([item], 1, traces_copy_out=traces))
print(traces[1]["stateReason"].partition(chr(10))[0])
say(lambda: down.download_pfns([{"did": "mc:none"}]))
"""


def fly(flights: Fly, folder: Path, text: str) -> tuple[Flight, list[str]]:
    pilot = folder / "looking"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(HEAD + text)
    scenario = scenario_named("cloud-s3")
    verdict, flight = flights(scenario, pilot)
    return flight, (Path(verdict.run_dir) / "pilot-1.out").read_text().splitlines()


def test_boto3_moves_files_and_raises_what_it_does(flights: Fly, tmp_path: Path) -> None:
    flight, lines = fly(flights, tmp_path, S3)
    assert [
        "ProfileNotFound The config profile (none) could not be found",
        "NoCredentialsError Unable to locate credentials",
        "ok None",
        "FileNotFoundError [Errno 2] No such file or directory: '/srv/work/none'",
        "S3UploadFailedError Failed to upload /srv/work/a to none/a: An error occurred "
        "(NoSuchBucket) when calling the PutObject operation: The specified bucket does not exist",
        "ok 3",
        "ok None",
        "ok abc",
        "ClientError An error occurred (404) when calling the HeadObject operation: Not Found",
        'EndpointConnectionError Could not connect to the endpoint URL: "https://no.sim/b/k"',
        "HTTPClientError An HTTP Client raised an unhandled exception: Not supported URL scheme s3",
        "NotImplementedError boto3: S3.list_buckets is not simulated",
    ] == lines
    assert [event["path"] for event in flight.of("storage.write")][-1] == "/atlas-eu/rucio/a"


def test_google_cloud_storage_moves_files_and_raises_what_it_does(
    flights: Fly, tmp_path: Path
) -> None:
    _, lines = fly(flights, tmp_path, GS)
    store = "https://storage.cloud.sim/storage/v1/b/atlas-eu/o/rucio%2Fnone"
    assert [
        "ok False",
        "ok None",
        "ok True",
        "ok https://storage.googleapis.com/atlas-eu/rucio/a",
        "ok None",
        "ok abc",
        f"NotFound 404 GET {store}: The specified object does not exist.",
        "FileNotFoundError [Errno 2] No such file or directory: '/srv/work/none'",
        "DefaultCredentialsError File /srv/none.json was not found.",
    ] == lines


def test_rucios_clients_move_files_and_raise_what_they_do(flights: Fly, tmp_path: Path) -> None:
    _, lines = fly(flights, tmp_path, RUCIO)
    assert [
        "ok 0",
        "3 OK",
        "NoFilesUploaded None of the given files have been uploaded.",
        "File already exists",
        "InputValidationError There is an error with one of the input parameters. | Details: "
        "No valid input files given",
        "ok ['DONE']",
        "abc davs DONE",
        "NoFilesDownloaded None of the requested files have been downloaded.",
        "Source file not found.",
        "InputValidationError There is an error with one of the input parameters. | Details: "
        "The keys did, pfn, and rse are mandatory",
    ] == [line for line in lines if ":root:" not in line and not line.startswith("Details")]
