"""Reading one window, page by page, into the spool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moveworks.errors import ApiError
from moveworks.paging import LASTING
from moveworks.transport.pace import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from moveworks.odata import Condition
    from moveworks.records import EntitySet
    from moveworks.records.columns import Table
    from moveworks.sync.masks import Masks
    from moveworks.sync.spool import WindowFile
    from moveworks.sync.windows import Window

MAX_BEGINNINGS = 3
"""How often a window is begun again whose next link the service no longer takes."""


class WindowReader:
    """Reads windows of an entity set.

    Args:
        table: Of the entity set.
        entity_set: What asks the service.
        masks: What hides values before they are written.
        stopped: Whether to write nothing any more.
        on_page: Called with the number of records of each page, and with less than 0 where they are read again.
        also: What all records have to meet besides.
        select: Names of the fields to read, the id among them; None for all.
    """

    def __init__(
        self,
        table: Table,
        entity_set: EntitySet[Any],
        *,
        masks: Masks | None,
        stopped: Callable[[], bool],
        on_page: Callable[[int], None],
        also: Condition | None = None,
        select: Sequence[str] | None = None,
    ) -> None:
        self._table, self._entity_set, self._masks = table, entity_set, masks
        self._stopped, self._on_page = stopped, on_page
        self._also, self._select = also, select

    def count(self, window: Window | None, bound: datetime | None) -> int:
        """How many records the service has in a window; None stands for all.

        Raises:
            MoveworksError: if it gives no number.
        """
        return self._entity_set.count(filter=self._condition(window, bound))

    def _condition(self, window: Window | None, bound: datetime | None) -> Condition | None:
        from moveworks.sync.load import WHOLE

        condition = (window or WHOLE).condition(self._table, bound)
        if self._also is None:
            return condition
        return self._also if condition is None else condition & self._also

    def read(self, window: Window, bound: datetime | None, file: WindowFile, *, purpose: str, anew: bool) -> int:
        """Read a window to its end; the number of distinct ids that came.

        Raises:
            MoveworksError: if the service fails. What came until then is in the file.
            OSError: if the disk does.
        """
        file.open(purpose)
        try:
            if anew:
                self._on_page(-file.records)
                file.begin_again()
            for left in reversed(range(MAX_BEGINNINGS)):
                try:
                    self._read(window, bound, file)
                    break
                except ApiError as error:
                    # A next link that is no longer taken: the window has a beginning that still works.
                    if error.status not in LASTING or file.link is None or not left:
                        raise
                    self._on_page(-file.records)
                    file.begin_again()
        finally:
            file.close()
        return file.distinct

    def _read(self, window: Window, bound: datetime | None, file: WindowFile) -> None:
        if file.records:
            self._on_page(file.records)
        if file.finished:
            return
        if file.link is not None:
            pager = self._entity_set.list(raw="bytes", resume_from=file.link)
        else:
            pager = self._entity_set.list(raw="bytes", filter=self._condition(window, bound), select=self._select)
        for page in pager.pages():
            if self._stopped():
                raise StoppedError("it was stopped")
            records = page.items if self._masks is None else [self._masks(each) for each in page.items]
            file.append(records, page.next_link)
            self._on_page(len(records))
        if not file.finished:
            # Not one page: the filter selects nothing.
            file.append([], None)
