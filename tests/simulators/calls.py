"""The requests that the simulators are answering at this moment."""

import time


class Calls:
    """Let requests take time, and know which are under way.

    ``latency``: seconds that each takes, half of them before the service acts.
    ``stall``: seconds more until the answer, while the service has acted already.
    ``ports``: local ports of the clients whose requests are under way.
    """

    def __init__(self, latency=0):
        self.latency = latency
        self.stall = 0
        self.ports = set()

    def watch(self, application):
        """Return the application whose requests are watched."""

        def answer(environ, start_response):
            port = int(environ["REMOTE_PORT"])
            self.ports.add(port)
            try:
                time.sleep(self.latency / 2)
                found = application(environ, start_response)
                time.sleep(self.latency / 2 + self.stall)
            finally:
                self.ports.discard(port)
            return found

        return answer
