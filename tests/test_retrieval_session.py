"""Networks are opened one way, and what is no network isn't opened."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.session import open_session

NETWORK = Path("retrieval/network/reader.onnx")


def test_a_network_gives_the_same_on_one_thread_and_on_as_many_as_there_are_cores() -> None:
    token_ids = np.arange(1000, 1012)[None]
    feed = {"token_ids": token_ids, "type_ids": np.zeros_like(token_ids), "marks": np.array([[2, 5]])}
    one, many = (open_session(NETWORK, threads=threads).run(["at_marks", "passage"], feed) for threads in (1, 0))
    assert [found.shape for found in one] == [(1, 2), (1,)]
    for alone, together in zip(one, many, strict=True):
        assert together == pytest.approx(alone, abs=1e-4)


def test_sessions_run_on_the_processor_alone() -> None:
    session = open_session(NETWORK, threads=1)
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert session.get_session_options().intra_op_num_threads == 1


@pytest.mark.parametrize("content", [None, b"", b"moths"])
def test_what_is_no_network_is_not_opened(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "network.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Exception, match=r"network\.onnx|[Mm]odel|protobuf"):
        open_session(path)
