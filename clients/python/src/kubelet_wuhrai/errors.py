"""What goes wrong on the way to the service and back."""

from __future__ import annotations

import requests


class KubectlAIError(requests.HTTPError):
    """The service refused a request: ``status`` is the HTTP status, ``code`` the service's word for it.

    It is a ``requests.HTTPError``, so code that catches that one catches this one.
    """

    def __init__(self, message: str, *, status: int, code: str, response: requests.Response) -> None:
        super().__init__(message, response=response)
        self.status = status
        self.code = code


def raise_for_status(response: requests.Response) -> None:
    """Raises KubectlAIError for a 4xx or 5xx answer, with the service's own message."""
    if response.status_code < 400:
        return
    code, message = "http-error", f"HTTP {response.status_code} from {response.url}"
    try:
        error = response.json()["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        pass
    raise KubectlAIError(message, status=response.status_code, code=code, response=response)
