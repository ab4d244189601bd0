"""The `moveworks` command (extra `cli`). Nothing of the library imports it."""
