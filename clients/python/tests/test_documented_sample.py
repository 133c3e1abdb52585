"""The class and the sample of the guide, as its readers copy them."""

import json
import os

import requests
import sseclient


class KubectlAIClient:
    def __init__(self, base_url="http://localhost:8888"):
        self.base_url = base_url
        self.session = requests.Session()

    def chat(self, query, session_id=None, context=None):
        response = self.session.post(
            f"{self.base_url}/api/v1/chat",
            json={"query": query, "session_id": session_id, "context": context or {}},
        )
        response.raise_for_status()
        return response.json()

    def stream_chat(self, query, session_id=None, context=None):
        response = self.session.post(
            f"{self.base_url}/api/v1/chat/stream",
            json={"query": query, "session_id": session_id, "context": context or {}, "stream": True},
            headers={"Accept": "text/event-stream"},
            stream=True,
        )
        response.raise_for_status()
        client = sseclient.SSEClient(response)
        for event in client.events():
            if event.data:
                data = json.loads(event.data)
                yield data
                if data.get("done"):
                    break

    def get_health(self):
        response = self.session.get(f"{self.base_url}/api/v1/health")
        response.raise_for_status()
        return response.json()

    def get_models(self):
        response = self.session.get(f"{self.base_url}/api/v1/models")
        response.raise_for_status()
        return response.json()


def test_s106_sample(capsys):
    client = KubectlAIClient(os.environ["KW_URL"])
    result = client.chat("which pods are ready?")
    print(f"Response: {result['response']}")
    for data in client.stream_chat("which pods are ready?"):
        if data.get("delta"):
            print(data["delta"], end="", flush=True)
        if data.get("done"):
            print("\nCompleted!")
    health = client.get_health()
    print(f"Service status: {health['status']}")
    said = capsys.readouterr().out
    assert said == "Response: Three pods are ready.\nThree pods are ready.\nCompleted!\nService status: healthy\n"
