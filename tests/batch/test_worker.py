"""What a worker process makes of trouble."""

import subprocess
import sys
import textwrap

import cv2
import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, RuntimeException

from extract.batch.worker import is_out_of_memory


def raised_by_numpy() -> Exception:
    with pytest.raises(MemoryError) as caught:
        np.empty(2**60, dtype=np.uint8)
    return caught.value


def raised_by_opencv() -> Exception:
    """OpenCV asks for a row of 2^31 - 1 pixels of 2^31 - 1 columns before it looks whether there is room."""
    with pytest.raises(cv2.error) as caught:
        cv2.copyMakeBorder(np.zeros((1, 1), np.float64), 0, 2**30, 0, 2**30, cv2.BORDER_CONSTANT)
    return caught.value


def test_memory_that_runs_out_is_told_by_class_and_code() -> None:
    assert is_out_of_memory(raised_by_numpy())
    assert is_out_of_memory(raised_by_opencv())
    assert is_out_of_memory(Fail("std::bad_alloc"))
    assert is_out_of_memory(RuntimeException("BFCArena: Failed to allocate memory for requested buffer of size 9"))


def test_words_in_a_message_do_not_make_a_bug_the_files_fault() -> None:
    assert not is_out_of_memory(ValueError("cell text: cannot allocate funds, insufficient memory of the meeting"))
    assert not is_out_of_memory(RuntimeException("Non-zero status code returned while running Conv node"))
    with pytest.raises(cv2.error) as caught:
        cv2.cvtColor(np.zeros((1, 1), np.uint8), cv2.COLOR_BGR2GRAY)
    assert not is_out_of_memory(caught.value)


def test_a_worker_whose_parent_ended_before_it_asked_ends_by_itself() -> None:
    script = """
        import multiprocessing, os, types
        from extract.batch.worker import end_with_parent
        multiprocessing.parent_process = lambda: types.SimpleNamespace(pid=os.getppid() + 1)
        end_with_parent()
        print("goes on")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "goes on" not in ended.stdout
    assert "gone" in ended.stderr
