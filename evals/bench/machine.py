"""The machine that figures are taken on, and the memory of this process; the only door to psutil.

Nothing here names a person, a host or a place, so that figures can be published with it.
"""

import platform
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

__all__ = ["Machine", "peak_bytes", "resident_bytes"]

_PACKAGES = "bm25s faiss-cpu insights-help numpy onnxruntime sentence-transformers tokenizers torch".split()
_CPUINFO, _STATUS = Path("/proc/cpuinfo"), Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Machine:
    """`cores` are physical ones, `None` if the system doesn't tell; `processors` is how many threads run at once."""

    processor: str
    cores: int | None
    processors: int | None
    memory_gib: float
    system: str
    python: str
    packages: Mapping[str, str]

    @classmethod
    def here(cls) -> "Machine":
        """The machine that this runs on, with the versions of the packages that matter for speed."""
        return cls(
            _processor(),
            psutil.cpu_count(logical=False),
            psutil.cpu_count(),
            round(psutil.virtual_memory().total / 2**30, 1),
            f"{platform.system()} {platform.machine()}",
            platform.python_version(),
            {name: version(name) for name in _PACKAGES},
        )

    @staticmethod
    def busy_percent() -> float:
        """How busy its processors are, in percent of all of them, over a second."""
        return psutil.cpu_percent(interval=1.0)


def resident_bytes() -> int:
    """The resident set of this process now."""
    return psutil.Process().memory_info().rss


def peak_bytes() -> int:
    """The largest resident set that this process ever had."""
    # On Linux `ru_maxrss` would begin with that of the process which started this one.
    if _STATUS.exists():
        peak = next(line for line in _STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(peak.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _processor() -> str:
    """The processor's name; Linux tells it in a file only."""
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
