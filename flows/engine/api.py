"""Questions to the REST interface of a Prefect server, without importing Prefect, which takes
seconds."""

from __future__ import annotations

import base64
import json
import urllib.request
from dataclasses import dataclass, field
from typing import Any

ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Api:
    """A server's interface at `url`, and the `user:password` it asks for, if any; never shown."""

    url: str
    auth: str | None = field(default=None, repr=False)

    def ask(
        self, path: str, body: dict[str, Any] | None = None, seconds: float = ANSWER_SECONDS
    ) -> Any:
        """What the server answers, from JSON; with a `body`, to a POST.

        Raises OSError (urllib's URLError and HTTPError are such) where it does not answer, or
        refuses.
        """
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json", **self._authorization()},
        )
        # no proxy of the office is asked for what is on this very machine
        ours = "//127.0.0.1:" in self.url
        opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if ours else []))
        with opener.open(request, timeout=seconds) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def _authorization(self) -> dict[str, str]:
        if self.auth is None:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(self.auth.encode()).decode()}
