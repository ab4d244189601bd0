"""A server below HTTP: it says what a test wants, byte by byte."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress

PAGE = b'{"value": [{"id": "1"}]}'


class Seen(bytes):
    """A request; `port` tells one connection from another."""

    port = 0


def http(body=PAGE, status="200 OK", **headers):
    """The bytes of an answer."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": "application/json", "Content-Length": len(body), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def _request(connection):
    """Head and body of the next request; empty if there is none."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def socket_server(answer):
    """Give the origin and the requests seen. `answer(request, number)` gives bytes, or an iterator of bytes.

    The connection stays open after bytes, and is closed after an iterator; between its parts the server waits a moment.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    seen, over = [], threading.Event()

    def serve(connection):
        with connection, suppress(OSError):
            while request := _request(connection):
                seen.append(Seen(request))
                seen[-1].port = connection.getpeername()[1]
                said = answer(request, len(seen))
                if isinstance(said, bytes):
                    connection.sendall(said)
                    continue
                for part in said:
                    connection.sendall(part)
                    if over.wait(0.01):
                        break
                return

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        over.set()
        listener.close()
