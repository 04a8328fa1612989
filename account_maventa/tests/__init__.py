from . import (
    test_account,
    test_companies,
    test_document,
    test_follow_up,
    test_send,
    test_simulator_store,
    test_status,
    test_switch,
    test_tour,
    test_transfer,
    test_trouble,
)
