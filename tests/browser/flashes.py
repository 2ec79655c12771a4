"""Counts flashes in frames of a screen as WCAG 2.3.1 defines the general flash threshold."""

import base64
import io
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import CDPSession, Page

__all__ = ["Film", "Luminances", "most_flashes", "relative_luminance"]

Luminances = NDArray[np.float64]  # (frames, rows, columns), each in [0, 1]

SMALLEST_CHANGE = 0.1  # of the largest relative luminance, which is 1
DARK_ENOUGH = 0.8  # the darker image of a flash has less than this
SIDE = 32  # pixels of a cell of the grid, small beside the area that counts
# A quarter of any 10 degree field of view is, at the usual distance and 1024 x 768 pixels, 21,824 pixels in one place.
LARGE_AREA = 21_824 // SIDE**2


def relative_luminance(image: Image.Image) -> NDArray[np.float64]:
    """The mean relative luminance (WCAG 2.2) of each cell of `SIDE` x `SIDE` pixels."""
    part = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    rows, columns = luminance.shape[0] // SIDE, luminance.shape[1] // SIDE
    cells = luminance[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE)
    mean: NDArray[np.float64] = cells.mean(axis=(1, 3))
    return mean


def _changes(times_s: list[float], values: NDArray[np.float64]) -> list[float]:
    """When one cell turned from growing lighter to growing darker or back, by at least the smallest change."""
    found: list[float] = []
    low = high = values[0]
    direction = 0
    for time_s, value in zip(times_s[1:], values[1:], strict=True):
        low, high = min(low, value), max(high, value)
        up, down = value - low >= SMALLEST_CHANGE, high - value >= SMALLEST_CHANGE
        if up and low < DARK_ENOUGH and direction != 1:
            found.append(time_s)
            direction, high = 1, value
            low = value
        elif down and value < DARK_ENOUGH and direction != -1:
            found.append(time_s)
            direction, low = -1, value
            high = value
        elif direction == 1:
            low = max(low, value) if value >= high else low
        elif direction == -1:
            high = min(high, value) if value <= low else high
    return found


def most_flashes(times_s: list[float], frames: Luminances) -> float:
    """The most flashes (pairs of opposing changes) within any second over an area that is large enough to count.

    Cells of the whole screen are counted together, which is stricter than the 10 degree field of the definition.
    """
    _, rows, columns = frames.shape
    changes = [_changes(times_s, frames[:, row, column]) for row in range(rows) for column in range(columns)]
    most = 0.0
    for start in sorted({time_s for found in changes for time_s in found}):
        counts = sorted((sum(start <= time_s < start + 1 for time_s in found) for found in changes), reverse=True)
        most = max(most, counts[LARGE_AREA - 1] / 2)
    return most


@dataclass
class Film:
    """Frames of a page as the browser paints them."""

    session: CDPSession
    times_s: list[float] = field(default_factory=list)
    images: list[Image.Image] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> "Film":
        """Starts to film a page; every frame that is painted from now on is kept."""
        film = cls(page.context.new_cdp_session(page))
        film.session.on("Page.screencastFrame", film.keep)
        film.session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
        return film

    def keep(self, frame: dict[str, object]) -> None:
        """Keeps a frame and asks for the next."""
        metadata = frame["metadata"]
        assert isinstance(metadata, dict)
        self.times_s.append(float(metadata.get("timestamp", time.time())))
        self.images.append(Image.open(io.BytesIO(base64.b64decode(str(frame["data"])))))
        self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def end(self) -> float:
        """Ends the film, and gives the most flashes in any second of it."""
        self.session.send("Page.stopScreencast")
        size = self.images[-1].size
        kept = [(at, image) for at, image in zip(self.times_s, self.images, strict=True) if image.size == size]
        return most_flashes([at for at, _ in kept], np.stack([relative_luminance(image) for _, image in kept]))
