"""What the host's own work for a guest costs the guest.

Without a price, a guest that does nothing but call its host would be ended by the clock, at another
place each time; with one it is ended by its fuel, and a replay ends at the same call.
"""

from __future__ import annotations

from palyra_runtime.sandbox.native import Guest
from palyra_runtime.sandbox.outcome import OUT_OF_FUEL, GuestStopped

#: units of one host call. It takes the host as long as some thousand instructions; this price ends a
#: guest that only calls after 10,000 calls of the default budget, well before the default timeout.
#: A byte that is copied costs one unit more, as in the engine's own bulk copies.
HOST_CALL_FUEL_UNITS = 1_000


def pay(guest: Guest, units: int) -> None:
    """Take ``units`` from the fuel of a guest that is in a host call.

    Raises:
        GuestStopped: it has less than that left.
    """
    left = guest.fuel_left - units
    if left < 0:
        guest.fuel_left = 0
        raise GuestStopped(OUT_OF_FUEL)
    guest.fuel_left = left
