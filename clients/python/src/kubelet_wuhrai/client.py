"""The client: one HTTP session, and one method for each thing that the service does."""

from __future__ import annotations

import json
import time
from typing import Any, Dict, Iterator, Optional, Tuple, cast
from urllib.parse import quote

import requests
import sseclient
from requests.auth import AuthBase

from .errors import KubectlAIError, raise_for_status
from .types import ChatResponse, Event, Health, Models, Run

# Connecting is quick or not at all; an answer may take as long as its heartbeats (15 s) go on.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0

# A session that is followed is taken up again where its connection ends.
RECONNECTS = 5
FIRST_RECONNECT_S = 0.25
LAST_RECONNECT_S = 4.0


class _Bearer(AuthBase):
    """The token, also where the user's netrc has a password for the host: that would take a plain header's place."""

    def __init__(self, token: str) -> None:
        self._value = f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class KubectlAIClient:
    """A client of the service at ``base_url``. Nothing is sent before the first call.

    ``token`` is needed where the service asks for one. Errors are told in ``language``, such as ``zh``. ``timeout`` is (connect, read) in seconds;
    ``chat`` waits for its answer without a limit unless one is given here.
    """

    def __init__(
        self,
        base_url: str = "http://localhost:8888",
        *,
        token: Optional[str] = None,
        language: Optional[str] = None,
        timeout: Optional[Tuple[float, Optional[float]]] = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        self._timeout = timeout or (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        self._answer_timeout = timeout or (CONNECT_TIMEOUT_S, None)
        if token is not None:
            self.session.auth = _Bearer(token)
        if language is not None:
            self.session.headers["Accept-Language"] = language

    def chat(
        self, query: str, session_id: Optional[str] = None, context: Optional[Dict[str, str]] = None
    ) -> ChatResponse:
        """Asks and waits for the answer, or for a question that needs a person (``status: awaiting_approval``).

        ``context`` may hold ``namespace`` and ``cluster``. Raises KubectlAIError.
        """
        body = {"query": query, "session_id": session_id, "context": context or {}}
        return cast(ChatResponse, self._json("POST", "/api/v1/chat", body, timeout=self._answer_timeout))

    def stream_chat(
        self, query: str, session_id: Optional[str] = None, context: Optional[Dict[str, str]] = None
    ) -> Iterator[Event]:
        """Asks and gives each event as it comes, to the run's end or its question. Raises KubectlAIError."""
        body = {"query": query, "session_id": session_id, "context": context or {}, "stream": True}
        return self._events("POST", "/api/v1/chat/stream", body)

    def follow(self, run_id: str, cursor: Optional[str] = None) -> Iterator[Event]:
        """Events of a run after a cursor (the ``id`` of an event), without one from its beginning."""
        return self._events("GET", f"/api/v1/runs/{quote(run_id, safe='')}/stream", None, cursor)

    def follow_session(self, session_id: str, cursor: Optional[str] = None) -> Iterator[Event]:
        """Events of all runs of a session after a cursor (without one: all), and of those to come, whoever asks them.

        Each run ends with its own ``done``; the iteration goes on until it is left. A connection that ends or breaks is
        opened again at the last event, at most five times in a row. Raises KubectlAIError where the session may not be read.
        """
        path = f"/api/v1/sessions/{quote(session_id, safe='')}/events"
        failures = waits = 0
        while True:
            try:
                for event in self._messages("GET", path, None, cursor):
                    failures = waits = 0
                    cursor = event.get("id", cursor)
                    yield event
                failures = 0  # it was answered, and nothing need happen in a session
            except requests.RequestException as error:
                failures += 1
                if failures > RECONNECTS or not _may_pass(error):
                    raise
            time.sleep(min(FIRST_RECONNECT_S * 2**waits, LAST_RECONNECT_S))
            waits += 1

    def get_run(self, run_id: str, wait: Optional[int] = None) -> Run:
        """A run as it stands; ``wait`` waits that many seconds for its end or a question."""
        suffix = "" if wait is None else f"?wait={wait}s"
        return cast(Run, self._json("GET", f"/api/v1/runs/{quote(run_id, safe='')}{suffix}", timeout=self._answer_timeout))

    def cancel_run(self, run_id: str) -> Run:
        """Asks for a run's end."""
        return cast(Run, self._json("POST", f"/api/v1/runs/{quote(run_id, safe='')}/cancel", {}))

    def approve(self, approval_id: str) -> Dict[str, Any]:
        """Lets exactly the asked command run. What follows is read by ``follow`` or ``get_run``."""
        return self._answer(approval_id, {"decision": "approve"})

    def deny(self, approval_id: str, reason: Optional[str] = None) -> Dict[str, Any]:
        """Declines; the model is told the reason."""
        return self._answer(approval_id, {"decision": "deny", **({} if reason is None else {"reason": reason})})

    def get_health(self) -> Health:
        """Whether the service is well, and its version."""
        return cast(Health, self._json("GET", "/api/v1/health"))

    def get_models(self) -> Models:
        """The models that are known, and the one in use."""
        return cast(Models, self._json("GET", "/api/v1/models"))

    def close(self) -> None:
        """Closes the connections."""
        self.session.close()

    def __enter__(self) -> "KubectlAIClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, approval_id: str, body: Dict[str, Any]) -> Dict[str, Any]:
        return self._json("POST", f"/api/v1/approvals/{quote(approval_id, safe='')}", body)

    def _json(
        self,
        method: str,
        path: str,
        body: Optional[Dict[str, Any]] = None,
        *,
        timeout: Optional[Tuple[float, Optional[float]]] = None,
    ) -> Dict[str, Any]:
        response = self.session.request(method, f"{self.base_url}{path}", json=body, timeout=timeout or self._timeout)
        raise_for_status(response)
        return cast(Dict[str, Any], response.json())

    def _events(
        self, method: str, path: str, body: Optional[Dict[str, Any]], cursor: Optional[str] = None
    ) -> Iterator[Event]:
        for event in self._messages(method, path, body, cursor):
            yield event
            if event.get("done"):
                return  # where the run waits for a person the service ends the stream

    def _messages(
        self, method: str, path: str, body: Optional[Dict[str, Any]], cursor: Optional[str] = None
    ) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream", **({} if cursor is None else {"Last-Event-ID": cursor})}
        response = self.session.request(
            method, f"{self.base_url}{path}", json=body, headers=headers, stream=True, timeout=self._timeout
        )
        with response:
            raise_for_status(response)
            for message in sseclient.SSEClient(cast(Any, response)).events():
                event = cast(Event, json.loads(message.data))
                if message.id:
                    event["id"] = message.id
                yield event


def _may_pass(error: requests.RequestException) -> bool:
    return not isinstance(error, KubectlAIError) or error.status >= 500 or error.status == 429
