"""google.cloud.storage on a node that offers it: buckets, and objects that move as whole files.

Runs inside the pilot's interpreter, where the bytes go through a tool of the node
(flightsim-object). Modelled: Client, get_bucket, bucket, blob, upload_from_filename,
download_to_filename, download_blob_to_file, exists, public_url. The store is that of
$STORAGE_EMULATOR_HOST, as for the real client. Everything else raises, by name.
"""

import json
import os
import subprocess
from urllib.parse import quote
from urllib.parse import urlsplit

from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError

__all__ = ["Blob", "Bucket", "Client"]

TOOL = "flightsim-object"
DEFAULT_HOST = "https://storage.googleapis.com"
KINDS = {
    "missing": (exceptions.NotFound, "The specified object does not exist."),
    "denied": (exceptions.Forbidden, "Access denied."),
    "forbidden": (exceptions.Forbidden, "Access denied."),
    "readonly": (exceptions.Forbidden, "The bucket is under a retention policy."),
    "quota": (exceptions.TooManyRequests, "The project exceeded the rate limit."),
    "space": (exceptions.Forbidden, "The bucket's quota has been exceeded."),
    "unavailable": (exceptions.ServiceUnavailable, "We encountered an internal error."),
}


class Client:
    """The store, for whoever the node says is asking."""

    def __init__(self, project=None, credentials=None, **options):
        path = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", "")
        if path and not os.path.isfile(path):
            raise DefaultCredentialsError(f"File {path} was not found.")
        self.project = project
        self._base = os.environ.get("STORAGE_EMULATOR_HOST", DEFAULT_HOST).rstrip("/")

    def get_bucket(self, bucket_or_name, **options):
        """Return a bucket that is there. Raises NotFound."""
        bucket = self.bucket(str(bucket_or_name))
        # There is something to look at, or an error that says whether there is a bucket.
        self.ask(["head", self.url(bucket.name, "")], bucket.name, missing_is_fine=True)
        return bucket

    def bucket(self, name, **options):
        """Return a bucket, whether it is there or not."""
        return Bucket(self, name)

    def download_blob_to_file(self, blob_or_uri, file_obj, **options):
        """Bring an object, given as such or by its gs:// URL, to an open file that has a name."""
        blob = blob_or_uri if isinstance(blob_or_uri, Blob) else self._blob(str(blob_or_uri))
        blob.download_to_filename(os.path.abspath(file_obj.name))

    def _blob(self, uri):
        parts = urlsplit(uri)
        if parts.scheme != "gs" or not parts.netloc:
            raise ValueError("URI scheme must be gs")
        return self.bucket(parts.netloc).blob(parts.path.lstrip("/"))

    def url(self, bucket, name):
        """Return where the tool of the node finds an object."""
        parts = urlsplit(self._base)
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
        return f"gs://{parts.hostname}:{port}/{bucket}/{name}"

    def address(self, bucket, name):
        """Return the address that errors tell."""
        return f"{self._base}/storage/v1/b/{bucket}/o/{quote(name, safe='')}"

    def ask(self, words, address, *, missing_is_fine=False):
        """Have the tool do something; return what it tells. Raises what Google's client raises."""
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
            raise exceptions.ServiceUnavailable(ran.stderr.strip()) from None
        kind = told.get("kind", "")
        if not kind or (kind == "missing" and missing_is_fine):
            return told
        if kind == "missing" and words[0] == "put" and told.get("side") == "source":
            raise FileNotFoundError(2, "No such file or directory", words[1])
        if kind.startswith("net."):
            text = f"Timeout of 120.0s exceeded, last exception: {told.get('text', '')}"
            raise exceptions.RetryError(text)
        make, text = KINDS.get(kind, (exceptions.GoogleAPICallError, told.get("text", kind)))
        method = {"get": "GET", "head": "GET", "put": "POST"}[words[0]]
        raise make(f"{method} {address}: {text}")

    def __getattr__(self, name):
        raise NotImplementedError(f"google.cloud.storage: Client.{name} is not simulated")


class Bucket:
    """A bucket by its name."""

    def __init__(self, client, name):
        self.client = client
        self.name = name

    def blob(self, blob_name, **options):
        """Return the object of that name, whether it is there or not."""
        return Blob(blob_name, self)

    def exists(self, **options):
        """Tell whether the bucket can be asked for."""
        return True

    def __str__(self):
        return self.name


class Blob:
    """An object by its name and bucket."""

    def __init__(self, name, bucket, **options):
        self.name = name
        self.bucket = bucket
        self.content_type = None

    @property
    def public_url(self):
        """Return the address that anybody could read it from."""
        return f"{DEFAULT_HOST}/{self.bucket.name}/{quote(self.name)}"

    def upload_from_filename(self, filename, content_type=None, **options):
        """Bring a file to the object."""
        self.content_type = content_type
        self._ask(["put", filename, self._url()])

    def download_to_filename(self, filename, **options):
        """Bring the object to a file."""
        self._ask(["get", self._url(), filename])

    def exists(self, **options):
        """Tell whether there is such an object."""
        told = self.bucket.client.ask(["head", self._url()], self._address(), missing_is_fine=True)
        return "kind" not in told

    def _url(self):
        return self.bucket.client.url(self.bucket.name, self.name)

    def _address(self):
        return self.bucket.client.address(self.bucket.name, self.name)

    def _ask(self, words):
        return self.bucket.client.ask(words, self._address())
