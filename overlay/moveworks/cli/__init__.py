"""The command `moveworks` (extra `cli`)."""
