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
MASK: Final = 2**64 - 1
BASE_62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Identities:
    """Ids of one sandbox.

    Args:
        seed: Same seed, same ids.
        users: How many users there are when a conversation, given by its position, begins.
    """

    def __init__(self, seed: int, users: Callable[[int], int]) -> None:
        self._seed, self._users = seed, users
        self._offset = random.Random(f"{seed}/user").getrandbits(64)
        self._ids = lru_cache(64)(self._block_of_ids)
        self._owners = lru_cache(64)(self._block_of_owners)

    def short(self, kind: str, index: int) -> str:
        """12 characters of A-Za-z0-9_-; some begin with a dash."""
        return self._ids(kind, index // BLOCK)[index % BLOCK]

    def user(self, index: int) -> str:
        """An unsigned 64-bit number as text, beyond int64.

        Users are met in no order, so each id is made alone: by the finaliser of SplitMix64
        (https://doi.org/10.1145/2714064.2660195).
        """
        mixed = (self._offset + index * 0x9E3779B97F4A7C15) & MASK
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        return str(mixed ^ mixed >> 31 | 1 << 63)

    def forget(self) -> None:
        """Free the memory of the ids that are kept."""
        self._ids.cache_clear()
        self._owners.cache_clear()

    def owner(self, conversation: int) -> str:
        """Id of the user of a conversation, given by its position."""
        return self._owners(conversation // BLOCK)[conversation % BLOCK]

    def beta(self, prefix: str, index: int) -> str:
        """A prefix and base-62 text, as in the beta API."""
        rng = random.Random(f"{self._seed}/{prefix}/{index}")
        return f"{prefix}_" + "".join(rng.choices(BASE_62, k=21))

    def _block_of_ids(self, kind: str, number: int) -> list[str]:
        rng = random.Random(f"{self._seed}/id/{kind}/{number}")
        text = base64.urlsafe_b64encode(rng.randbytes(9 * BLOCK)).decode()
        ids = [text[at : at + 12] for at in range(0, 12 * BLOCK, 12)]
        for at in range(7, BLOCK, 50):
            ids[at], ids[at + 1] = f"-{ids[at][1:]}", f"_{ids[at + 1][1:]}"
        return ids

    def _block_of_owners(self, number: int) -> list[str]:
        rng = random.Random(f"{self._seed}/owner/{number}")
        return [self.user(index) for index in rng.choices(range(self._users(number * BLOCK)), k=BLOCK)]
