from . import (
    test_access,
    test_connection,
    test_journal,
    test_locking,
    test_neighbours,
    test_numbering,
    test_posting,
    test_printing,
    test_registration,
    test_series,
    test_tour,
)
