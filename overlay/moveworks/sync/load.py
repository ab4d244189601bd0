"""What one entity set needs to be complete: counts, windows, and what they prove. Decides, and does no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from attrs import define, evolve, field

from moveworks.sync.windows import MAX_WINDOWS, Window, too_large

if TYPE_CHECKING:
    from datetime import datetime

    from moveworks.records.columns import Table
    from moveworks.sync.windows import Span

MAX_READS: Final = 3
"""How often a window is read that changes while it is read."""
MAX_ROUNDS: Final = 3
"""How often the sum of all windows is compared with the count without windows."""
WHOLE: Final = Window(whole=True)
UNDATED: Final = Window(undated=True)


def reaches(plan: dict[str, Any], bound: datetime | None) -> bool:
    """Whether a plan reads all that was written since `bound`: not if the destination held more when it was made."""
    from datetime import datetime

    planned = plan["bound"]
    return planned is None or (bound is not None and datetime.fromisoformat(planned) <= bound)


class Count(NamedTuple):
    """Job: ask how many records a window has; None for all of the entity set."""

    window: Window | None
    purpose: str


class Fetch(NamedTuple):
    """Job: read the records of a window; `anew` from its beginning, whatever is there."""

    window: Window
    anew: bool


class Apply(NamedTuple):
    """Job: hand the records of a window to the destination, with what was found out."""

    window: Window


Job = Count | Fetch | Apply


@define
class WindowState:
    """How far a window is.

    Attributes:
        before: What the service counted before it was read.
        received: Distinct ids that came; None before.
        after: What the service counted afterwards.
        reads: How often it was read.
        done: Whether it was handed to the destination.
        verified: Whether the three numbers agree.
        reason: Why not, or what is to know of it.
    """

    window: Window
    before: int | None = None
    received: int | None = None
    after: int | None = None
    reads: int = 0
    done: bool = False
    verified: bool = False
    reason: str = ""


@define
class EntityLoad:
    """One entity set in one run: it is told what came, and says what is to be done next.

    Attributes:
        table: Of the entity set.
        span: What is cut into windows; None for one that has no `created_time`.
        bound: Only records last written at this moment or later; None for all.
        concurrency: Requests in flight, to which the number of windows is fitted.
        restricted: Whether only a span is asked for: then records without a time do not belong to it.
        states: The windows that are to be read, by number.
        total: What the service counted without windows; None if it gave no number.
        failed: Why the entity set cannot be complete.
    """

    table: Table
    span: Span | None
    bound: datetime | None
    concurrency: int = 4
    restricted: bool = False
    states: dict[int, WindowState] = field(factory=dict)
    unsized: dict[int, Window] = field(factory=dict)
    total: int | None = None
    failed: str = ""
    finished: bool = False
    _number: int = 0
    _rounds: int = 0
    _counting: int = 0

    # what is to be done

    def begin(self) -> list[Job]:
        """The first jobs, or those that a run that was interrupted left."""
        if not self.states and not self.unsized:
            return [Count(self._all, "total")]
        jobs: list[Job] = [Count(window, "before") for window in self.unsized.values()]
        jobs.extend(Count(state.window, "anew") for state in self.states.values() if not state.done)
        return jobs or self._compare()

    @property
    def _all(self) -> Window | None:
        """What is counted without windows."""
        if not self.restricted or self.span is None:
            return None
        span = self.span
        return Window(start=None if span.open_start else span.start, end=None if span.open_end else span.end)

    def counted(self, job: Count, number: int | None) -> list[Job]:
        """The service gave a number; None if it gives none."""
        if job.purpose == "total":
            return self._begun(number)
        if job.purpose == "final":
            return self._compared(number)
        window = job.window
        assert window is not None
        if job.purpose == "before":
            return self._sized(window, number)
        state = self.states[window.number]
        if job.purpose == "anew":
            state.before = number
            return [Fetch(window, anew=False)]
        if job.purpose == "again":
            return self._counted_again(state, number)
        state.after = number
        return self._judged(state)

    def fetched(self, job: Fetch, received: int) -> list[Job]:
        """A window was read to its end, and so many distinct ids came."""
        state = self.states[job.window.number]
        state.received = received
        state.reads += 1
        return [Count(state.window, "after")]

    def applied(self, job: Apply) -> list[Job]:
        """The destination has a window."""
        self.states[job.window.number].done = True
        return self._settled()

    def broken(self, job: Job, reason: str) -> list[Job]:
        """A job failed for good. The other windows are read all the same; the entity set is not complete."""
        self.failed = self.failed or reason
        if isinstance(job, Count) and job.purpose in {"final", "again"}:
            self._counting = 0
            self.finished = True
        window = job.window
        if window is not None and window.number in self.unsized:
            self.states[window.number] = WindowState(self.unsized.pop(window.number))
        if window is not None and window.number in self.states and job != Count(window, "again"):
            state = self.states[window.number]
            state.done, state.reason = True, reason
        return self._settled()

    # how it goes on

    def _begun(self, total: int | None) -> list[Job]:
        self.total = total
        if self.span is None:
            windows = [WHOLE]
        elif total is None:
            windows = self.span.cut(self.concurrency * 8 * 2000, self.concurrency)
        else:
            windows = self.span.cut(total, self.concurrency)
        self._number = len(windows)
        if len(windows) == 1:
            return self._sized(windows[0], total)
        self.unsized = {window.number: window for window in windows}
        return [Count(window, "before") for window in windows]

    def _sized(self, window: Window, number: int | None) -> list[Job]:
        self.unsized.pop(window.number, None)
        halves = None
        if number is not None and too_large(number) and self.span is not None and self._number < MAX_WINDOWS:
            halves = self.span.halve(window, max([self._number, *self.states, *self.unsized, -1]) + 1)
        if halves is not None:
            self._number = halves[1].number + 1
            for half in halves:
                self.unsized[half.number] = half
            return [Count(half, "before") for half in halves]
        state = self.states[window.number] = WindowState(window, before=number)
        if number == 0:
            # Nothing to read; that it is still so is seen when the sum of the windows is compared.
            state.received = state.after = 0
            state.verified = True
            return [Apply(window)]
        return [Fetch(window, anew=False)]

    def _judged(self, state: WindowState) -> list[Job]:
        """Whether the numbers of a window agree; one that grew is read again."""
        before, received, after = state.before, state.received, state.after
        assert received is not None
        state.verified, state.reason = False, ""
        if before is None or after is None:
            state.reason = "the service gives no number"
        elif before == received == after:
            state.verified = True
        elif state.window.oldest and after <= received <= before:
            state.verified = True
            state.reason = f"{before - after} expired while it was read"
        elif state.reads < MAX_READS:
            state.before = after
            return [Fetch(state.window, anew=True)]
        else:
            state.reason = f"counted {before} before and {after} afterwards, received {received}"
        return [Apply(state.window)]

    def _settled(self) -> list[Job]:
        if self.finished or self._counting or self.unsized or not all(state.done for state in self.states.values()):
            return []
        return self._compare()

    def _compare(self) -> list[Job]:
        """All windows are there: is that all?"""
        states = self.states.values()
        if self.failed or self.span is None or any(state.after is None for state in states):
            unproven = [state for state in states if not state.verified]
            if unproven and not self.failed:
                self.failed = f"{len(unproven)} of {len(self.states)} windows are not verified: {unproven[0].reason}"
            self.finished = True
            return []
        self._counting = 1
        return [Count(self._all, "final")]

    def _compared(self, total: int | None) -> list[Job]:
        self._counting = 0
        self._rounds += 1
        self.total = total
        held = sum(state.after or 0 for state in self.states.values())
        if total is None or total == held or self._rounds > MAX_ROUNDS:
            self.finished = True
            unproven = [state for state in self.states.values() if not state.verified]
            if total != held:
                self.failed = (
                    f"the windows hold {held} records, and the service counts {total} without windows"
                    if total is not None
                    else "the service gives no number"
                )
            elif unproven:
                self.failed = f"{len(unproven)} of {len(self.states)} windows are not verified: {unproven[0].reason}"
            return []
        jobs: list[Job] = [Count(state.window, "again") for state in self.states.values()]
        if total > held and not self.restricted and not any(s.window.undated for s in self.states.values()):
            # A record without a time falls out of every window.
            undated = evolve(UNDATED, number=max(self.states, default=-1) + 1)
            self.unsized[undated.number] = undated
            jobs.append(Count(undated, "before"))
        self._counting = sum(isinstance(job, Count) and job.purpose == "again" for job in jobs)
        return jobs

    def _counted_again(self, state: WindowState, number: int | None) -> list[Job]:
        self._counting -= 1
        if number is not None and state.after is not None and number < state.after and state.window.oldest:
            state.after = number  # expired meanwhile
        elif number != state.after:
            state.before, state.done, state.reads = number, False, 0
            return [Fetch(state.window, anew=True)]
        return self._settled()

    # what is kept of it while it runs

    def to_plan(self) -> dict[str, Any]:
        """What has to be known to go on after an interruption."""
        windows = [*self.unsized.values(), *(state.window for state in self.states.values())]
        return {
            "bound": self.bound.isoformat() if self.bound else None,
            "windows": [
                [
                    window.number,
                    window.start.isoformat() if window.start else None,
                    window.end.isoformat() if window.end else None,
                    window.undated,
                    window.whole,
                    window.number in self.unsized,
                ]
                for window in windows
            ],
        }

    def with_plan(self, plan: dict[str, Any], done: dict[int, WindowState]) -> Self:
        """Go on with a plan; `done` are the windows that the destination has."""
        from datetime import datetime

        def moment(text: str | None) -> datetime | None:
            return datetime.fromisoformat(text) if text is not None else None

        self.bound = moment(plan["bound"])
        for number, start, end, undated, whole, unsized in plan["windows"]:
            window = Window(number=number, start=moment(start), end=moment(end), undated=undated, whole=whole)
            if unsized:
                self.unsized[number] = window
            else:
                state = done.get(number)
                self.states[number] = state if state and state.window == window else WindowState(window)
        self._number = max([*self.states, *self.unsized, -1]) + 1
        return self
