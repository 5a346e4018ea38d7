"""Sessions: where keys come from."""

import configparser
import os

from botocore.exceptions import ProfileNotFound

from boto3.s3 import S3

DEFAULT_FILE = "~/.aws/credentials"


class Session:
    """Keys of a profile, or those of the environment."""

    def __init__(
        self,
        aws_access_key_id=None,
        aws_secret_access_key=None,
        aws_session_token=None,
        region_name=None,
        profile_name=None,
    ):
        self.profile_name = profile_name or os.environ.get("AWS_PROFILE") or "default"
        self.region_name = region_name
        given = profile_name or os.environ.get("AWS_PROFILE")
        key = aws_access_key_id or os.environ.get("AWS_ACCESS_KEY_ID", "")
        self.key = self._key_of(given) if given else key or self._key_of("")

    def _key_of(self, profile):
        path = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or os.path.expanduser(DEFAULT_FILE)
        file = configparser.ConfigParser()
        file.read([path])
        if profile and profile not in file:
            raise ProfileNotFound(profile=profile)
        section = profile or "default"
        return file.get(section, "aws_access_key_id", fallback="")

    def client(self, service_name, endpoint_url=None, **options):
        """Return the client of a service; there is none but S3."""
        if service_name != "s3":
            raise NotImplementedError(f"boto3: the service {service_name!r} is not simulated")
        return S3(endpoint_url or "https://s3.amazonaws.com", key=self.key)

    def __getattr__(self, name):
        raise NotImplementedError(f"boto3.Session.{name} is not simulated")
