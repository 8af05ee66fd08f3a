"""`python bench/first_answers.py MAIN PATH BODY...`: a function is loaded as by the platform, and answers so many requests.

At its end it says as JSON which modules of the library were loaded by then. It imports nothing of ours by itself, so that
whoever counts its instructions or its modules counts the function's.
"""

import asyncio
import json
import sys
from typing import Any

from functions_framework.aio import create_asgi_app


def main(source: str, path: str, *bodies: str) -> None:
    """Loads, asks and prints; ValueError where an answer is no success."""
    app = create_asgi_app("handle", source, "http")
    asyncio.run(_asked(app, path, bodies))
    print("\n" + json.dumps(sorted(name for name in sys.modules if name.partition(".")[0] == "ion_mentoring")))


async def _asked(app: Any, path: str, bodies: tuple[str, ...]) -> None:
    for body in bodies:
        await _ask(app, path, body.encode())


async def _ask(app: Any, path: str, body: bytes) -> None:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "path": path,
        "raw_path": path.encode(),
    }
    scope |= {"query_string": b"", "root_path": "", "headers": headers, "client": ("127.0.0.1", 1)}
    await app(scope, receive, send)
    if said[0]["status"] != 200:
        raise ValueError(f"{path} answered {said[0]['status']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
