from . import test_process
