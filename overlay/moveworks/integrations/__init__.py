"""Doors to other engines: a module and an extra for each, over the same core as `moveworks sync`."""
