"""Ids of made-up records, in the shapes of real ones; each a function of seed and position."""

from __future__ import annotations

import base64
import random
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK: Final = 1000
"""Ids that are made together."""
BASE_62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Identities:
    """Ids of one sandbox.

    Args:
        seed: Same seed, same ids.
        users: How many users there are when a conversation, given by its position, begins.
    """

    def __init__(self, seed: int, users: Callable[[int], int]) -> None:
        self._seed, self._users = seed, users
        self._ids = lru_cache(512)(self._block_of_ids)
        self._owners = lru_cache(512)(self._block_of_owners)

    def short(self, kind: str, index: int) -> str:
        """12 characters of A-Za-z0-9_-; some begin with a dash."""
        return self._ids(kind, index // BLOCK)[index % BLOCK]

    def user(self, index: int) -> str:
        """An unsigned 64-bit number as text, beyond int64."""
        return self._ids("user", index // BLOCK)[index % BLOCK]

    def owner(self, conversation: int) -> str:
        """Id of the user of a conversation, given by its position."""
        return self._owners(conversation // BLOCK)[conversation % BLOCK]

    def beta(self, prefix: str, index: int) -> str:
        """A prefix and base-62 text, as in the beta API."""
        rng = random.Random(f"{self._seed}/{prefix}/{index}")
        return f"{prefix}_" + "".join(rng.choices(BASE_62, k=21))

    def _block_of_ids(self, kind: str, number: int) -> list[str]:
        rng = random.Random(f"{self._seed}/id/{kind}/{number}")
        if kind == "user":
            return [str(rng.getrandbits(64) | (1 << 63)) for _ in range(BLOCK)]
        text = base64.urlsafe_b64encode(rng.randbytes(9 * BLOCK)).decode()
        ids = [text[at : at + 12] for at in range(0, 12 * BLOCK, 12)]
        for at in range(7, BLOCK, 50):
            ids[at], ids[at + 1] = f"-{ids[at][1:]}", f"_{ids[at + 1][1:]}"
        return ids

    def _block_of_owners(self, number: int) -> list[str]:
        rng = random.Random(f"{self._seed}/owner/{number}")
        return [self.user(index) for index in rng.choices(range(self._users(number * BLOCK)), k=BLOCK)]
