"""Odoo's command, as a file.

A server that reloads itself, as after a request that took too long, starts the file
again that it was started from; started by ``python -m odoo`` it would end instead.
"""

from odoo.cli import main

if __name__ == "__main__":
    main()
