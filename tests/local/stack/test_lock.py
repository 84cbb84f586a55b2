"""Only one `make run` works in a folder."""

import os
from pathlib import Path

import pytest

from local.processes.children import StartError
from local.stack import lock


def test_a_second_run_in_the_same_folder_is_refused_and_says_which_process_is_there(tmp_path: Path) -> None:
    with lock.hold(tmp_path), pytest.raises(StartError, match=rf"already at work.*process {os.getpid()}"):
        lock.hold(tmp_path)


def test_the_folder_is_free_again_once_the_run_has_ended(tmp_path: Path) -> None:
    lock.hold(tmp_path).close()
    lock.hold(tmp_path).close()


def test_the_process_at_work_is_known_while_it_works(tmp_path: Path) -> None:
    assert lock.holder(tmp_path) is None
    with lock.hold(tmp_path):
        assert lock.holder(tmp_path) == os.getpid()
    assert lock.holder(tmp_path) is None
