"""The network connections of a process, as Linux lists them."""

import pathlib
import re
from contextlib import suppress

_SOCKET = re.compile(r"socket:\[(\d+)\]")


def local_ports(pid):
    """Return the local ports of the process's TCP connections; none when it has ended.

    Source: proc_pid_fd(5) and proc_pid_net(5), /proc/pid/net/tcp.
    """
    owned = set()
    with suppress(OSError):
        for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                owned |= {*_SOCKET.findall(str(entry.readlink()))}
    rows = pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = [row.split() for row in rows]
    # Field 1 is the local address, as hexadecimal ADDRESS:PORT; field 9 the inode.
    return {int(one[1].rpartition(":")[2], 16) for one in fields if one[9] in owned}
