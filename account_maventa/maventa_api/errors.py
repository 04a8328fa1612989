"""What can go wrong, sorted by what has to happen next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class MaventaError(Exception):
    """Base of all errors of this package.

    ``code`` is Maventa's error code (or one of ours, for errors found here),
    ``details`` the lines Maventa adds, ``http_status`` the answer's number.
    """

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        details: Iterable[str] = (),
        http_status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = tuple(details)
        self.http_status = http_status


class RejectedError(MaventaError):
    """Maventa understood and refused: somebody corrects the data."""


class NotFoundError(RejectedError):
    """Maventa itself says that what was asked for is not there."""


class DamagedFileError(MaventaError):
    """The file is not the one that was to be uploaded: nothing was sent."""


class SetupError(MaventaError):
    """Credentials, scope or rights: an administrator corrects the settings."""


class CompanyUnverifiedError(SetupError):
    """The company's authentication at Maventa is missing or has lapsed."""


class TemporaryError(MaventaError):
    """Nothing happened: try again later, after ``retry_after`` seconds if given."""

    def __init__(
        self, message: str = "", *, retry_after: float | None = None, **more: Any
    ) -> None:
        super().__init__(message, **more)
        self.retry_after = retry_after


class UnknownOutcomeError(TemporaryError):
    """It may have happened: ask by UUID before repeating anything."""
