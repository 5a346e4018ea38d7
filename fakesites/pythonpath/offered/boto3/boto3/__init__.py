"""boto3 on a node that offers it: a session, and a client for S3 that moves whole files.

Runs inside the pilot's interpreter, where the bytes go through a tool of the node
(flightsim-object). Modelled: Session, client("s3"), upload_file, download_file, head_object; keys
from the environment or a profile of ~/.aws/credentials. Everything else raises, by name.
"""

from boto3.session import Session

__all__ = ["Session", "client"]


def client(service, **options):
    """Return a client of the default session."""
    return Session().client(service, **options)
