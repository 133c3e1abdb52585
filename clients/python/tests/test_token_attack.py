"""The token reaches the service, and nobody else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kubelet_wuhrai import KubectlAIClient


class Recorder(HTTPServer):
    """Answers with JSON, or sends elsewhere; remembers what it was sent."""

    def __init__(self, location=None):
        self.seen = []
        self.location = location
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, host="127.0.0.1"):
        return f"http://{host}:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.headers.get("Authorization"))
        if self.server.location is not None:
            self.send_response(307)
            self.send_header("Location", self.server.location + self.path)
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "healthy"}')

    def log_message(self, *_):
        pass


@pytest.fixture()
def netrc(tmp_path, monkeypatch):
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login somebody password of-another-service\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))


def test_a_netrc_takes_no_tokens_place(netrc):
    server = Recorder()
    with KubectlAIClient(server.url(), token="kw-token") as client:
        client.get_health()
    assert server.seen == ["Bearer kw-token"]


def test_the_token_is_not_sent_to_where_a_server_redirects():
    other = Recorder()
    server = Recorder(location=other.url("localhost"))
    with KubectlAIClient(server.url(), token="kw-token") as client:
        client.get_health()
    assert server.seen == ["Bearer kw-token"]
    assert other.seen == [None]


def test_a_token_with_a_line_break_is_refused():
    with KubectlAIClient(Recorder().url(), token="kw\r\nX-Evil: 1") as client:
        with pytest.raises(Exception):
            client.get_health()
