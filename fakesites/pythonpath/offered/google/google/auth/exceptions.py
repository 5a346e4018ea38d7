"""What is raised where nobody knows who asks."""


class GoogleAuthError(Exception):
    """What they all are."""


class DefaultCredentialsError(GoogleAuthError):
    """There are no credentials, or not where they were said to be."""
