"""A way to a server on which the first stream is cut, as on a train."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CutsOnce(socketserver.BaseRequestHandler):
    """Hands bytes on both ways; cuts the first stream after some of it."""

    upstream: tuple[str, int]
    cuts_left = 1

    def handle(self) -> None:
        with socket.create_connection(self.upstream) as server:
            threading.Thread(target=self._up, args=(server,), daemon=True).start()
            passed = 0
            while part := server.recv(65_536):
                passed += len(part) if b"event: delta" in part else 0
                if passed > 400 and type(self).cuts_left:
                    type(self).cuts_left -= 1
                    return
                self.request.sendall(part)

    def _up(self, server: socket.socket) -> None:
        try:
            while part := self.request.recv(65_536):
                server.sendall(part)
        except OSError:
            return


@contextmanager
def cutting(url: str) -> Iterator[str]:
    """The address of such a way to a server."""
    host, _, port = url.removeprefix("http://").partition(":")
    handler = type("Cutting", (CutsOnce,), {"upstream": (host, int(port))})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()
