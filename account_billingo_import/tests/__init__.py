from . import (
    test_connection,
    test_fetch,
    test_fetch_safety,
    test_links,
    test_messages,
    test_partners,
    test_pdf,
    test_process,
    test_refusals,
    test_simulator_store,
    test_spendings,
    test_tour,
)
