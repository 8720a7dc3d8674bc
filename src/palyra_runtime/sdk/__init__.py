"""What plugin authors start from: guest kits, sample skills, and how the samples are packed."""

from palyra_runtime.sdk.packing import UnknownSample, demo_key, pack_sample, sample_names

__all__ = ["UnknownSample", "demo_key", "pack_sample", "sample_names"]
