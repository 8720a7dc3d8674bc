"""What plugin authors start from: guest kits, templates, and sample skills with how they are packed."""

from palyra_runtime.sdk.packing import UnknownSample, demo_key, pack_sample, sample_folder, sample_names

__all__ = ["UnknownSample", "demo_key", "pack_sample", "sample_folder", "sample_names"]
