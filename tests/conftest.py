"""Let the tests import the protocol packages by their own names."""

from harness import protocol_packages

protocol_packages.expose()
