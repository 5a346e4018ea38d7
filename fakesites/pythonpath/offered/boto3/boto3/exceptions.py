"""The exceptions of boto3 itself."""


class Boto3Error(Exception):
    """What they all are."""


class S3UploadFailedError(Boto3Error):
    """A file did not go; the words tell which, where to, and why."""
