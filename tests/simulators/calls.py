"""The requests that the simulators are answering at this moment."""

import time


class Calls:
    """Let requests take time, and know which are under way.

    ``latency``: seconds that each takes, half of them before the service acts.
    ``stall``: seconds more until the answer, while the service has acted already.
    ``ports``: local ports of the clients whose requests are under way.

    :param counts: takes method and path, returns whether such a request is one of them
    """

    def __init__(self, latency=0, counts=lambda _method, _path: True):
        self.latency = latency
        self.stall = 0
        self.ports = set()
        self._counts = counts

    def watch(self, application):
        """Return the application whose requests are watched."""

        def answer(environ, start_response):
            port = int(environ["REMOTE_PORT"])
            if self._counts(environ["REQUEST_METHOD"], environ["PATH_INFO"]):
                self.ports.add(port)
            try:
                time.sleep(self.latency / 2)
                found = application(environ, start_response)
                time.sleep(self.latency / 2 + self.stall)
            finally:
                self.ports.discard(port)
            return found

        return answer
