import os

import pytest

from kubelet_wuhrai import KubectlAIClient


@pytest.fixture()
def client():
    """A client of the service that KW_URL names."""
    with KubectlAIClient(os.environ["KW_URL"]) as made:
        yield made
