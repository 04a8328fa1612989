"""The state of the demo's simulators is kept in a file."""

from contextlib import closing

import pytest
from simulators.file_store import FileStore


def test_store_is_a_lasting_mapping(tmp_path):
    path = tmp_path / "state.sqlite"
    with closing(FileStore(path)) as store, store as state:
        state["b"] = {"x": [1, 2.5, "ő"]}
        state["a"] = None
        state["b"] = {"x": []}
        del state["a"]
        with pytest.raises(KeyError):
            del state["a"]
        state["a"] = 1
    with closing(FileStore(path)) as store, store as state:
        assert list(state.items()) == [("b", {"x": []}), ("a", 1)]
        assert len(state) == 2 and "c" not in state


def test_failed_block_changes_nothing(tmp_path):
    with closing(FileStore(tmp_path / "state.sqlite")) as store:
        with pytest.raises(ConnectionError), store as state:
            state["a"] = 1
            raise ConnectionError
        with store as state:
            assert "a" not in state
