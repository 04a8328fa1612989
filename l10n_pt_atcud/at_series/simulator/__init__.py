"""AT's series service once more, for the Demo environment, tests and the sandbox."""

from .application import FAULTS, Simulator
from .authentication import Account
from .signer import Signer

__all__ = ["FAULTS", "Account", "Signer", "Simulator"]
