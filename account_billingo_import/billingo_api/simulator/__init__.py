"""Billingo once more: the service that the client talks to in Demo and in tests."""

from __future__ import annotations

from . import samples
from .application import FAULTS, Simulator

__all__ = ["FAULTS", "Simulator", "samples"]
