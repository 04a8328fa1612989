"""Maventa once more: its AX API as one WSGI application.

Used in-process by the environment "Demo" and by most tests, and on a loopback
socket by the sandbox and by the tests of what happens on the line.
"""

from .application import Simulator
from .holdings import Account, HeldInvoice
from .samples import Sample, samples

__all__ = ["Account", "HeldInvoice", "Sample", "Simulator", "samples"]
