"""A local server that behaves, and on request misbehaves, like both APIs (extra `sandbox`)."""

from moveworks.sandbox.faults import KINDS, Fault
from moveworks.sandbox.server import Sandbox

__all__ = ["KINDS", "Fault", "Sandbox"]
