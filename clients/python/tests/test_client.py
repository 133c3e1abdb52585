"""Against a running service whose model answers "Three pods are ready." and asks to scale when it is told to."""

import pytest
import requests

from kubelet_wuhrai import KubectlAIClient, KubectlAIError

ANSWER = "Three pods are ready."


def test_s101_default_base_url_and_one_session():
    made = KubectlAIClient()
    assert made.base_url == "http://localhost:8888"
    assert isinstance(made.session, requests.Session)


def test_s102_chat(client):
    result = client.chat("which pods are ready?")
    assert result["response"] == ANSWER
    assert result["status"] == "completed"


def test_s102_errors_are_http_errors(client):
    with pytest.raises(requests.HTTPError) as caught:
        client.chat("")
    assert isinstance(caught.value, KubectlAIError)
    assert caught.value.status == 400
    assert caught.value.response.status_code == 400


def test_s103_stream_chat(client):
    events = list(client.stream_chat("which pods are ready?", session_id="python", context={}))
    assert "".join(event.get("delta", "") for event in events) == ANSWER
    assert [event["done"] for event in events].count(True) == 1
    assert events[-1]["response"] == ANSWER
    assert all(event["session_id"] == "python" for event in events)


def test_s104_get_health(client):
    assert client.get_health()["status"] == "healthy"


def test_s105_get_models(client):
    models = client.get_models()
    assert isinstance(models, dict)
    assert "deepseek-chat" in models["models"]


def test_an_approval_is_declined_and_the_run_goes_on(client):
    asked = client.chat("scale web to 3")
    assert asked["status"] == "awaiting_approval"
    assert "scale" in asked["approval"]["command"]
    assert client.deny(asked["approval"]["id"], reason="not now")["status"] == "accepted"
    ended = client.get_run(asked["run_id"], wait=30)
    assert ended["done"] is True
    assert list(client.follow(asked["run_id"]))[-1]["done"] is True


def test_an_answer_of_another_size_is_whole(client):
    # The service's own limit is that of the model; a megabyte is what a long report may have.
    events = list(client.stream_chat("write a long report"))
    assert events[-1]["response"].startswith("0 ")
    assert "".join(event.get("delta", "") for event in events) == events[-1]["response"]


def test_a_session_is_followed_over_its_runs_and_again_from_any_event(client):
    session = "python-followed"
    client.chat("which pods are ready?", session_id=session)
    seen = []
    for event in client.follow_session(session):
        seen.append(event)
        if not event["done"]:
            continue
        if [one["done"] for one in seen].count(True) == 2:
            break
        client.chat("and now, which pods are ready?", session_id=session)
    assert [event["run_id"] for event in seen if event["done"]] == [f"{session}.1", f"{session}.2"]
    middle = seen[len(seen) // 2]["id"]
    for event in client.follow_session(session, cursor=middle):
        if event["run_id"] == f"{session}.2" and event["done"]:
            break
    assert event["id"] == seen[-1]["id"]


def test_a_session_that_is_not_there_is_not_followed(client):
    with pytest.raises(KubectlAIError) as caught:
        next(client.follow_session("nobody-made-it"))
    assert caught.value.status == 404


def test_errors_are_told_in_the_language_that_is_asked_for(client):
    with KubectlAIClient(client.base_url, language="zh") as chinese:
        with pytest.raises(KubectlAIError) as caught:
            chinese.get_run("nobody.1")
    assert caught.value.code == "unknown-run"
    assert "没有运行 nobody.1" in str(caught.value)
