"""The relay of the page about the assistant, as it stands there: a stream of the service in a real browser."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from assistants import Service, completed, created, delta, message
from browser import CHROMIUM, FLAGS
from sockets import http, socket_server
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from moveworks import AsyncMoveworks, BearerToken

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "assistant.md").read_text(encoding="utf-8")
CODE = PAGE.partition("```python title=relay.py\n")[2].partition("```")[0]
PATIENCE = 60
HELLO = [created(), delta(message("Hel"), 2), delta(message("Hello"), 3), completed(4, message("Hello <b>you</b>!"))]


class Endless:
    """A stream that says something, and then only that it is still there; it notes when it is closed."""

    def __init__(self):
        self.closed = threading.Event()

    def __iter__(self):
        try:
            yield from HELLO[:2]
            while True:
                yield b": still here\n\n"
        finally:
            self.closed.set()


@contextmanager
def relayed(service, *routes):
    """The origin of the relay, over such a service."""
    names = {}
    exec(compile(CODE, "relay.py", "exec"), names)
    with socket_server(service) as (origin, seen):
        mw = AsyncMoveworks(assistant_auth=BearerToken("nobody"), assistant="acme", base_url=origin, attempts=1)
        app = names["relay"](mw, lambda request: request.cookies.get("user"))
        app.router.routes.extend(routes)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="on"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            wait(lambda: server.started)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", seen
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def wait(condition):
    """Until it holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def texts(reply):
    return [json.loads(line.removeprefix("data: ")) for line in reply.iter_lines() if line]


def test_the_relay_gives_the_answer_as_it_grows():
    """Its last event is the whole answer, and the question was sent once, with the token of who asked."""
    service = Service(HELLO)
    with relayed(service) as (origin, seen), httpx.Client(base_url=origin, trust_env=False) as browser:
        for user in ("ann", "bob"):
            with browser.stream("POST", "/ask", content="Hi", headers={"Cookie": f"user={user}"}) as reply:
                assert texts(reply) == ["", "Hel", "Hello", "Hello <b>you</b>!", "Hello <b>you</b>!"]
        assert browser.post("/ask", content="Hi").status_code == 401
        assert browser.post("/ask", content=" ", headers={"Cookie": "user=ann"}).status_code == 400
    tokens = [request.partition(b"Bearer ")[2].split(b"\r\n")[0] for request in seen]
    assert tokens == [b"ann", b"ann", b"bob", b"bob"]
    assert sum(call.endswith("/responses/stream") for call in service.asked) == 2


def test_what_went_wrong_stays_on_the_server():
    """The browser gets the trace id and nothing else of an error."""
    refused = http({"error": {"code": "X", "message": "internal detail"}}, "403 No", x_moveworks_root_uuid="t-1")
    with relayed(Service(refused)) as (origin, _), httpx.Client(base_url=origin, trust_env=False) as browser:
        reply = browser.post("/ask", content="Hi", headers={"Cookie": "user=ann"})
    assert texts(reply) == ["The assistant could not answer. Tell support this number: t-1"]


def test_leaving_closes_the_stream_of_the_service():
    """At once, also while no event comes."""
    stream = Endless()
    with relayed(Service(stream)) as (origin, _), httpx.Client(base_url=origin, trust_env=False) as browser:
        with browser.stream("POST", "/ask", content="Hi", headers={"Cookie": "user=ann"}) as reply:
            lines = reply.iter_lines()
            while "Hel" not in next(lines):
                pass
        assert stream.closed.wait(PATIENCE)


DRIVE = """<!doctype html><iframe src="/"></iframe><script>
document.cookie = "user=ann";
const frame = document.querySelector("iframe"), seen = [];
const tell = (path) => fetch(path, {method: "POST", body: JSON.stringify(seen)});
frame.onload = () => {
  const page = frame.contentDocument, answer = page.getElementById("answer");
  new MutationObserver(() => {
    seen.push(answer.textContent);
    if (answer.textContent === "Hel" && STOPS) { page.getElementById("stop").click(); tell("/found"); }
    if (answer.textContent.endsWith("!")) tell("/found");
  }).observe(answer, {childList: true});
  page.querySelector("input").value = "Hi";
  page.querySelector("button").click();
};
</script>"""


@contextmanager
def driven(service, folder, *, stops=False):
    """What the page showed, one text after the other, when a real browser has asked."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    shown, told = [], threading.Event()

    async def drive(_):
        return HTMLResponse(DRIVE.replace("STOPS", "true" if stops else "false"))

    async def found(request):
        shown[:] = json.loads(await request.body())
        told.set()
        return Response()

    routes = [Route("/drive", drive), Route("/found", found, methods=["POST"])]
    with relayed(service, *routes) as (origin, _):
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "--remote-debugging-port=0", f"{origin}/drive"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            try:
                assert told.wait(PATIENCE)
                yield shown
            finally:
                browser.kill()


def test_a_browser_shows_the_answer_as_text(tmp_path):
    """Markup in it does not run."""
    with driven(Service(HELLO), tmp_path) as shown:
        assert shown[-1] == "Hello <b>you</b>!"


def test_stop_in_the_browser_stops_the_stream_of_the_service(tmp_path):
    """The page stays, with what it has shown."""
    stream = Endless()
    with driven(Service(stream), tmp_path, stops=True) as shown:
        assert shown[-1] == "Hel"
        assert stream.closed.wait(PATIENCE)
