"""Opens trained networks on the CPU; the only door to onnxruntime."""

from pathlib import Path

from onnxruntime import InferenceSession as Session
from onnxruntime import SessionOptions

__all__ = ["Session", "open_session"]

# A sum and its normalisation in one step take onnxruntime longer than in two: in the reader four times as long
# (evals/LOG.md), and all of a question's encoding a fifteenth longer.
_SLOW_FUSION = "SkipLayerNormFusion"


def open_session(path: Path, *, threads: int = 0) -> Session:
    """The network in the ONNX file `path`, to run on so many threads; 0: on one a core.

    Raises:
        Exception: of several kinds of onnxruntime's own, if the file is missing or broken.
    """
    options = SessionOptions()
    options.intra_op_num_threads = threads
    # Arenas keep the memory of the longest text ever seen; questions are short.
    options.enable_cpu_mem_arena = False
    # Threads that wait awake take the cores from what comes next: a question took a fifth longer (evals/LOG.md).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Session = Session(
        str(path), sess_options=options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
    )
    return session
