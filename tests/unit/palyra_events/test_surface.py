from __future__ import annotations

from palyra_events.surface import SurfaceClosed, close_surface
from tests.sample_events import BARE_STAMP


def test_closing_is_one_event():
    """It names the surface; who and why are on it as on every other."""
    assert close_surface("desk", BARE_STAMP) == [BARE_STAMP.on(SurfaceClosed, surface="desk")]
