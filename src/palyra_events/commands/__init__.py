"""The commands, one module per kind of stream; `palyra_events.application` has them all in one place."""
