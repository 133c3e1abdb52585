"""Shapes of what the service answers. Fields may be added; none is taken away."""

from __future__ import annotations

from typing import Any, Dict, List, TypedDict


class Approval(TypedDict, total=False):
    """A question that waits for a person: may exactly this command run?

    With ``question``: what a running command wants to know, yes or no. ``ungranted`` says why ``grants`` is not more.
    """

    id: str
    tool: str
    command: str
    effect: str
    traits: List[str]
    reasons: List[str]
    target: Dict[str, str]
    preview: Dict[str, Any]
    expires_at: str
    question: bool
    approve_by: str
    asked_again: str
    grants: List[Dict[str, Any]]
    ungranted: str


class ChatResponse(TypedDict, total=False):
    """Answer of ``chat``. ``status`` is completed, awaiting_approval, limit, cancelled or error."""

    response: str
    session_id: str
    run_id: str
    status: str
    metadata: Dict[str, str]
    timestamp: str
    approval: Approval
    cursor: str
    error: Dict[str, str]


class Run(ChatResponse, total=False):
    """A run as it stands."""

    done: bool
    started_at: str
    ended_at: str


class Event(TypedDict, total=False):
    """One event of a stream; ``delta`` is text of the answer, ``response`` the whole of it in the last event.

    ``id`` is the place after it: the ``cursor`` of ``follow`` and ``follow_session``.
    """

    id: str
    delta: str
    session_id: str
    run_id: str
    status: str
    done: bool
    response: str
    activity: Dict[str, Any]
    approval: Approval
    error: Dict[str, str]


class Health(TypedDict):
    """Answer of ``get_health``."""

    status: str
    version: str
    timestamp: str


class Models(TypedDict):
    """Answer of ``get_models``."""

    models: List[str]
    current: str
    provider: str
    metadata: Dict[str, str]
    timestamp: str
