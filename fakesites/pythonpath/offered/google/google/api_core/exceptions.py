"""The exceptions of Google's clients: the number of an HTTP status, and words.

Read from googleapis/python-api-core: google/api_core/exceptions.py.
"""


class GoogleAPICallError(Exception):
    """What a server answered, other than yes."""

    code = 500

    def __init__(self, message):
        super().__init__(message)
        self.message = message

    def __str__(self):
        return f"{self.code} {self.message}"


class NotFound(GoogleAPICallError):
    """There is no such thing."""

    code = 404


class Forbidden(GoogleAPICallError):
    """Not for this account."""

    code = 403


class TooManyRequests(GoogleAPICallError):
    """Too much at once."""

    code = 429


class ServiceUnavailable(GoogleAPICallError):
    """Not now."""

    code = 503


class RetryError(Exception):
    """Nobody answered for too long."""
