from . import (
    test_connection,
    test_fetch,
    test_links,
    test_pdf,
    test_process,
    test_refusals,
    test_simulator_store,
    test_tour,
)
