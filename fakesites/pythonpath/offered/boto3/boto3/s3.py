"""The client for S3, and what it raises."""

import json
import subprocess
from urllib.parse import urlsplit

from botocore.exceptions import ClientError
from botocore.exceptions import ConnectionClosedError
from botocore.exceptions import ConnectTimeoutError
from botocore.exceptions import EndpointConnectionError
from botocore.exceptions import HTTPClientError
from botocore.exceptions import NoCredentialsError
from botocore.exceptions import SSLError

from boto3.exceptions import S3UploadFailedError

TOOL = "flightsim-object"
RETRIES = 4
NETWORK = {
    "net.timeout": ConnectTimeoutError,
    "net.expired": ConnectTimeoutError,
    "net.reset": ConnectionClosedError,
}
# What a store says of a request without a body to answer with, and of one that has one.
HEADS = {
    "missing": ("404", "Not Found"),
    "denied": ("403", "Forbidden"),
    "forbidden": ("403", "Forbidden"),
    "unavailable": ("503", "Service Unavailable"),
}
PUTS = {
    "missing": ("NoSuchBucket", "The specified bucket does not exist"),
    "denied": ("AccessDenied", "Access Denied"),
    "forbidden": ("AccessDenied", "Access Denied"),
    "readonly": ("AccessDenied", "Access Denied"),
    "quota": ("QuotaExceeded", "None"),
    "space": ("InsufficientStorage", "There is not enough free space"),
    "unavailable": ("ServiceUnavailable", "Please reduce your request rate."),
}


class S3:
    """Objects of the store at an endpoint."""

    def __init__(self, endpoint_url, *, key):
        self.meta = Meta(endpoint_url)
        self._endpoint = endpoint_url.rstrip("/")
        self._key = key

    def download_file(self, Bucket, Key, Filename, **options):
        """Bring one object to a file."""
        self._ask(["get", self._url(Bucket, Key), Filename], "HeadObject", HEADS, Bucket, Key)

    def head_object(self, Bucket, Key, **options):
        """Return what the store says of one object."""
        told = self._ask(["head", self._url(Bucket, Key)], "HeadObject", HEADS, Bucket, Key)
        return {"ContentLength": told["size"], "Metadata": {}}

    def upload_file(self, Filename, Bucket, Key, **options):
        """Bring one file to the store. Raises S3UploadFailedError for what the store says."""
        words = ["put", Filename, self._url(Bucket, Key)]
        try:
            self._ask(words, "PutObject", PUTS, Bucket, Key)
        except ClientError as error:
            text = f"Failed to upload {Filename} to {Bucket}/{Key}: {error}"
            raise S3UploadFailedError(text) from error

    def _url(self, bucket, key):
        parts = urlsplit(self._endpoint)
        if parts.scheme not in ("http", "https"):
            raise HTTPClientError(error=f"Not supported URL scheme {parts.scheme}")
        if not self._key:
            raise NoCredentialsError()
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        return f"s3://{parts.hostname}:{port}/{bucket}/{key}"

    def _ask(self, words, operation, answers, bucket, key):
        ran = subprocess.run(
            [TOOL, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            check=False,
        )
        try:
            told = json.loads(ran.stdout)
        except ValueError:
            raise HTTPClientError(error=ran.stderr.strip()) from None
        if not ran.returncode:
            return told
        kind = told.get("kind", "")
        address = f"{self._endpoint}/{bucket}/{key}"
        if kind == "net.tls":
            raise SSLError(endpoint_url=address, error=told["text"])
        if kind.startswith("net."):
            raise NETWORK.get(kind, EndpointConnectionError)(endpoint_url=address)
        if kind == "missing" and told.get("side") == "source" and operation == "PutObject":
            raise FileNotFoundError(2, "No such file or directory", words[1])
        if kind in ("space", "io", "readonly") and operation == "HeadObject":
            raise OSError(28, "No space left on device", words[-1])
        code, message = answers.get(kind, ("500", "Internal Server Error"))
        attempts = RETRIES if kind == "unavailable" else 0
        answer = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"RetryAttempts": attempts},
        }
        raise ClientError(answer, operation)

    def __getattr__(self, name):
        raise NotImplementedError(f"boto3: S3.{name} is not simulated")


class Meta:
    """What a client says of itself."""

    def __init__(self, endpoint_url):
        self.endpoint_url = endpoint_url
