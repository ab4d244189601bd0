"""Where output goes: files, links, pipes, devices and descriptors, also when they are full, closed or taken."""

from __future__ import annotations

import os
import re
import shlex
import signal
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from moveworks.cli import output

FULL = Path("/dev/full")
USERS = ("records", "list", "users", "--limit", "5")


@pytest.fixture
def whole(run):
    """What a listing of five users is."""
    return run(*USERS).stdout


def command_to_go_on(text):
    return shlex.split(text.partition("to go on: ")[2].splitlines()[0])[1:]


def test_a_dash_is_stdout(run, tmp_path, whole):
    """As for other programs."""
    assert run(*USERS, "-o", "-").stdout == whole
    assert list(tmp_path.iterdir()) == []


# files


def test_a_file_takes_its_name_when_it_is_complete(run, tmp_path, whole):
    """Nothing else is left in the folder."""
    (tmp_path / "x.jsonl").write_text("old")
    assert run(*USERS, "-o", "x.jsonl").returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["x.jsonl"]
    assert (tmp_path / "x.jsonl").read_text() == whole


@pytest.mark.parametrize("before", [None, "old"])
def test_after_an_error_a_file_is_as_it_was(run, sandbox, tmp_path, before):
    """And that is said; there is no part to go on with."""
    if before:
        (tmp_path / "x.csv").write_text(before)
    sandbox.add_fault("400:route=interactions,page=2")
    done = run("records", "list", "interactions", "-o", "x.csv")
    assert done.returncode == 2
    assert "nothing was written to x.csv; what was there before is unchanged" in done.stderr
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == ({"x.csv": before} if before else {})


def test_a_file_keeps_its_rights_and_a_new_one_gets_those_of_the_umask(run, tmp_path):
    """A private file stays private."""
    private = tmp_path / "private.jsonl"
    private.touch(0o640)
    private.chmod(0o640)
    mask = os.umask(0o027)
    try:
        for name in ("private.jsonl", "new.jsonl"):
            assert run(*USERS, "-o", name).returncode == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE(private.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new.jsonl").stat().st_mode) == 0o640


def test_a_symbolic_link_stays_one(run, tmp_path, whole):
    """The file that it leads to is replaced, or made."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.jsonl").symlink_to("folder/file.jsonl")
    for _ in range(2):
        assert run(*USERS, "-o", "link.jsonl").returncode == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "folder" / "file.jsonl").read_text() == whole
    assert len(list((tmp_path / "folder").iterdir())) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (".", "folder"),
        ("/", "folder"),
        ("folder", "folder"),
        ("folder/", "folder"),
        ("new/", "folder"),
        ("no/such/x.csv", "No such file"),
        ("", "No such file"),
        ("loop", "symbolic links"),
        ("dangling", "No such file"),
        ("file.csv/x.csv", "Not a directory"),
        ("socket", "neither a file nor a pipe"),
        ("y" * 300 + ".csv", "too long"),
        ("/dev/fd/19999", "Bad file descriptor"),
        ("/proc/1/fd/1", "another process"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_asked_for(run, sandbox, tmp_path, path, said):
    """Naming it, with exit code 2."""
    import socket

    (tmp_path / "folder").mkdir()
    (tmp_path / "file.csv").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere/x")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "socket"))
        before = sorted(tmp_path.iterdir())
        done = run(*USERS, "-o", path, "--format", "csv")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert sandbox.requests == []
    assert sorted(tmp_path.iterdir()) == before


def test_a_descriptor_that_is_open_for_reading_is_refused(run, sandbox):
    """Before anything is asked for, as above."""
    with Path(os.devnull).open("rb") as reading:
        done = run.process(*USERS, "-o", "/dev/stdin", stdin=reading)
    assert (done.returncode, "reading only" in done.stderr) == (2, True), done.stderr
    assert sandbox.requests == []


def test_a_read_only_file_is_not_replaced(run, tmp_path, monkeypatch):
    """A new file in its place would be none."""
    (tmp_path / "x.csv").write_text("old")
    monkeypatch.setattr(output.os, "access", lambda path, mode: False)
    done = run(*USERS, "-o", "x.csv")
    assert (done.returncode, "read-only" in done.stderr, (tmp_path / "x.csv").read_text()) == (2, True, "old")


def test_the_rest_of_a_list_replaces_no_file(run, sandbox, tmp_path):
    """`--resume-from` reads what comes behind the link only."""
    sandbox.add_fault("400:route=interactions,page=2,times=1")
    link = command_to_go_on(run("records", "list", "interactions").stderr)[-1]
    (tmp_path / "x.jsonl").write_text("the first page")
    done = run("records", "list", "interactions", "--resume-from", link, "-o", "x.jsonl")
    assert (done.returncode, "is there already" in done.stderr) == (2, True)
    assert (tmp_path / "x.jsonl").read_text() == "the first page"
    assert run("records", "list", "interactions", "--resume-from", link, "-o", "y.jsonl").returncode == 0


def test_a_full_disk_leaves_no_file(run, tmp_path):
    """Nor a temporary one."""
    environment = {**run.environment, **NO_BYTECODE}
    done = run.process(
        "records", "list", "interactions", "-o", "x.jsonl", env=environment, preexec_fn=limit_to(400_000)
    )
    assert done.returncode == 1
    assert "the output cannot be written" in done.stderr
    assert "nothing was written to x.jsonl" in done.stderr
    assert list(tmp_path.iterdir()) == []


NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""For processes that cannot write whole files: Python would leave half a compiled module behind, for all others."""


def limit_to(size):
    import resource

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_an_interrupted_run_leaves_no_file(run, sandbox, tmp_path, number, code):
    """Ctrl-C, kill, and a terminal that is closed, in the middle of a listing."""
    sandbox.add_fault("latency:route=interactions,page=3,delay=3600")
    process = run.start("records", "list", "interactions", "-o", "x.jsonl")
    wait_for(lambda: sum("skiptoken" in request["query"] for request in sandbox.requests) == 2, process)
    assert [file.suffix for file in tmp_path.iterdir()] == [".tmp"]
    process.send_signal(number)
    _, told = process.communicate()
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert "nothing was written to x.jsonl" in told
    assert list(tmp_path.iterdir()) == []


def wait_for(true, process):
    """Until something holds; the limit of time is that of the whole test."""
    while not true():
        assert process.poll() is None, process.communicate()
        threading.Event().wait(0.02)


def test_a_run_under_nohup_goes_on(run, sandbox, tmp_path):
    """A signal that is ignored stays ignored."""
    sandbox.add_fault("latency:route=users,delay=0.5")
    process = run.start(*USERS, "-o", "x.jsonl", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for(lambda: sandbox.requests, process)
    process.send_signal(signal.SIGHUP)
    assert process.wait() == 0, process.communicate()
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == 5
    process.communicate()


# descriptors, pipes and devices


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "/dev/fd/../fd/1", "fds/1"])
def test_a_descriptor_is_written_to_where_it_stands(run, tmp_path, whole, name):
    """What a file held before stays, and what others write comes behind it."""
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "fds").symlink_to("/dev/fd")
    (tmp_path / "x").write_text("before\n")
    done = run.shell(f"{{ moveworks {shlex.join(USERS)} -o {name}; echo after; }} >> x")
    assert (done.returncode, done.stderr) == (0, f"5 records to {name} in {done.stderr.split(' in ')[1]}")
    assert (tmp_path / "x").read_text() == f"before\n{whole}after\n"


def test_a_descriptor_of_a_file_that_was_begun_goes_on_there(run, tmp_path, whole):
    """`-o /dev/fd/3`."""
    done = run.shell(f"exec 3> x; echo before >&3; moveworks {shlex.join(USERS)} -o /dev/fd/3; echo after >&3")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x").read_text() == f"before\n{whole}after\n"


def test_a_named_pipe_and_a_device_are_written_to(run, tmp_path, whole):
    """And stay what they are."""
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    assert run(*USERS, "-o", "pipe").returncode == 0
    reader.join()
    assert read == [whole]
    assert run(*USERS, "-o", os.devnull).returncode == 0
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


# complete, or an error


@pytest.mark.parametrize(("unbuffered", "size"), [("", 1000), ("1", 1000), ("", 400_000), ("1", 400_000)])
def test_a_write_that_is_cut_short_is_an_error(run, tmp_path, unbuffered, size):
    """And the command that goes on begins with the page that was cut."""
    everything = run("records", "list", "interactions").stdout
    environment = {**run.environment, "PYTHONUNBUFFERED": unbuffered, **NO_BYTECODE}
    with (tmp_path / "x").open("wb") as file:
        done = run.process(
            *("records", "list", "interactions"),
            capture_output=False,
            stdout=file,
            stderr=subprocess.PIPE,
            env=environment,
            preexec_fn=limit_to(size),
        )
    assert done.returncode == 1
    assert "the output cannot be written: " in done.stderr
    assert "Traceback" not in done.stderr
    written = (tmp_path / "x").read_text(encoding="utf-8", errors="ignore")
    if size < 10_000:
        assert "to go on" not in done.stderr
        return
    complete = int(
        re.search(r"^([\d,]+) records were written completely", done.stderr, re.MULTILINE)[1].replace(",", "")
    )
    kept = "".join(line + "\n" for line in written.split("\n")[:complete])
    rest = run(*command_to_go_on(done.stderr))
    assert rest.returncode == 0
    assert kept + rest.stdout == everything


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    ("arguments", "unbuffered"),
    [
        (USERS, ""),
        (USERS, "1"),
        (["records", "fields", "users"], "1"),
        (["records", "count", "users"], ""),
        (["--help"], ""),
        (["--version"], "1"),
    ],
)
def test_a_full_disk_behind_stdout_is_an_error(run, arguments, unbuffered):
    """Said in words, with exit code 1 and no second complaint from Python."""
    environment = {**run.environment, "PYTHONUNBUFFERED": unbuffered}
    with FULL.open("wb") as full:
        done = run.process(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE, env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the output cannot be written: ")
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_does_not_block_gets_everything(run, unbuffered):
    """However slowly it is read."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    process = run.start(
        *("records", "list", "interactions"),
        stdout=theirs,
        env={**run.environment, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(theirs)
    with open(ours, encoding="utf-8") as reading:  # noqa: PTH123 - a descriptor
        read = reading.read()
    _, told = process.communicate()
    assert (process.returncode, told) == (0, "")
    assert read == run("records", "list", "interactions").stdout


def test_a_reader_that_goes_away_ends_it_quietly(run):
    """`| head -1`."""
    done = run.shell("moveworks records list interactions | head -1 > /dev/null; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == ("141\n", "")


def test_a_closed_stdout_is_an_error_only_for_what_writes_to_it(run, tmp_path):
    """A file is written nevertheless."""
    for arguments, code in (("", 1), ("-o x.csv", 0)):
        done = run.shell(f"moveworks {shlex.join(USERS)} {arguments} >&-")
        assert done.returncode == code, done.stderr
        assert "Exception" not in done.stderr
    assert (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
def test_notes_that_nobody_can_read_fail_nothing(run, tmp_path, stderr):
    """The data is what counts; an error keeps its exit code."""
    assert run.shell(f"moveworks {shlex.join(USERS)} --since 2026-01-01 -v -o x.jsonl {stderr}").returncode == 0
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == 5
    assert run.shell(f"moveworks records list nothing {stderr}").returncode == 2
    assert run.shell(f"moveworks records list users --no-check --filter x {stderr}").returncode == 2


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_cannot_be_kept_on_the_disk_is_not_reported_as_written(run, tmp_path, monkeypatch, error):
    """The last step counts too, and leaves nothing behind when it fails."""

    def fail(descriptor):
        raise error

    monkeypatch.setattr(output.os, "fsync", fail)
    done = run(*USERS, "-o", "x.jsonl")
    assert done.returncode == (1 if isinstance(error, OSError) else 130)
    assert "nothing was written to x.jsonl" in done.stderr
    assert list(tmp_path.iterdir()) == []
