"""Client of the kubelet-wuhrai service."""

from .client import KubectlAIClient
from .errors import KubectlAIError
from .types import Approval, ChatResponse, Event, Health, Models, Run

__all__ = ["Approval", "ChatResponse", "Event", "Health", "KubectlAIClient", "KubectlAIError", "Models", "Run"]
