"""The exceptions of botocore that pilots may see, with their words.

Read from the documentation of boto3 (error handling) and boto/botocore: botocore/exceptions.py.
"""


class BotoCoreError(Exception):
    """What those are that no server sent."""

    fmt = "An unspecified error occurred"

    def __init__(self, **kwargs):
        super().__init__(self.fmt.format(**kwargs))
        self.kwargs = kwargs


class ClientError(Exception):
    """What the server answered; *operation_name* is what it was asked."""

    def __init__(self, error_response, operation_name):
        error = error_response.get("Error", {})
        retries = error_response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        told = f" (reached max retries: {retries})" if retries else ""
        code, message = error.get("Code", "Unknown"), error.get("Message", "Unknown")
        super().__init__(
            f"An error occurred ({code}) when calling the {operation_name} operation{told}: "
            f"{message}"
        )
        self.response = error_response
        self.operation_name = operation_name


class NoCredentialsError(BotoCoreError):
    """Nobody gave keys."""

    fmt = "Unable to locate credentials"


class ProfileNotFound(BotoCoreError):
    """No file has keys under that name."""

    fmt = "The config profile ({profile}) could not be found"


class HTTPClientError(BotoCoreError):
    """Something went wrong on the way."""

    fmt = "An HTTP Client raised an unhandled exception: {error}"


class EndpointConnectionError(BotoCoreError):
    """Nobody listens there."""

    fmt = 'Could not connect to the endpoint URL: "{endpoint_url}"'


class ConnectTimeoutError(BotoCoreError):
    """Nobody answers there."""

    fmt = 'Connect timeout on endpoint URL: "{endpoint_url}"'


class ConnectionClosedError(BotoCoreError):
    """The line was cut."""

    fmt = (
        "Connection was closed before we received a valid response from endpoint URL: "
        '"{endpoint_url}".'
    )


class SSLError(BotoCoreError):
    """The server's certificate is no good."""

    fmt = "SSL validation failed for {endpoint_url} {error}"
