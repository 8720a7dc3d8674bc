from __future__ import annotations

import projections


def test_the_public_names_are_there_once():
    """What the package promises can be imported."""
    assert len(projections.__all__) == len(set(projections.__all__))
    assert all(hasattr(projections, name) for name in projections.__all__)
