"""The exceptions of Rucio's clients that pilots may see, with their words.

Read from rucio@00bf7e22:lib/rucio/common/exception.py.
"""


class RucioException(Exception):
    """What all of them are; the details are those of the place where it was raised."""

    words = "An unknown exception occurred."
    error_code = 1

    def __init__(self, *args):
        super().__init__(*args)
        self._message = self.words

    def __str__(self):
        if not self.args:
            return self._message
        return f"{self._message}\nDetails: {', '.join(map(str, self.args))}"


class NoFilesDownloaded(RucioException):
    """Not one file came."""

    words = "None of the requested files have been downloaded."
    error_code = 75


class NotAllFilesDownloaded(RucioException):
    """Some files did not come."""

    words = "Not all of the requested files have been downloaded."
    error_code = 76


class NoFilesUploaded(RucioException):
    """Not one file went."""

    words = "None of the given files have been uploaded."
    error_code = 77


class NotAllFilesUploaded(RucioException):
    """Some files did not go."""

    words = "Not all of the given files have been uploaded."
    error_code = 78


class InputValidationError(RucioException):
    """The call makes no sense."""

    words = "There is an error with one of the input parameters."
    error_code = 79


class ServiceUnavailable(RucioException):
    """A door gives no answer."""

    words = "The requested service is not available at the moment."
    error_code = 53


class SourceNotFound(RucioException):
    """There is no such file."""

    words = "Source file not found."
    error_code = 57
