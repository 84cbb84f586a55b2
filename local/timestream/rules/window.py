"""Which record times a table takes, and into which store. Pure.

Memory store: from now minus its retention. Magnetic store: older than that, as far back as memory and
magnetic retention together reach, and only if the table allows magnetic writes. Both: up to 15 minutes
ahead. The service has been seen to allow some 25 minutes more at the old end; it documents none, so a
client must not need them.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from local.timestream.rules import limits, reasons

_HOUR_NS = 3600 * 10**9
_DAY_NS = 24 * _HOUR_NS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Retention(msgspec.Struct, frozen=True):
    """How long a table keeps records, and whether late ones may go straight to the magnetic store."""

    memory_hours: int = limits.DEFAULT_MEMORY_HOURS
    magnetic_days: int = limits.DEFAULT_MAGNETIC_DAYS
    magnetic_writes: bool = False

    def memory_from_ns(self, now_ns: int) -> int:
        """The oldest time the memory store takes at `now_ns`."""
        return now_ns - self.memory_hours * _HOUR_NS

    def kept_from_ns(self, now_ns: int) -> int:
        """Records before this time are gone."""
        return self.memory_from_ns(now_ns) - self.magnetic_days * _DAY_NS


class Window(msgspec.Struct, frozen=True):
    """The times one table takes at one instant; half open."""

    start_ns: int
    memory_from_ns: int
    end_ns: int
    name: str

    def problem(self, time_ns: int) -> str | None:
        """Why a record of this time is refused, None if it is taken."""
        if self.start_ns <= time_ns < self.end_ns:
            return None
        return reasons.outside_window(_iso_ms(self.start_ns), _iso_ms(self.end_ns), self.name)


def window_at(now_ns: int, retention: Retention) -> Window:
    """The window of a table with this retention at this time."""
    memory_from_ns = retention.memory_from_ns(now_ns)
    end_ns = now_ns + limits.FUTURE_MINUTES * 60 * 10**9
    if retention.magnetic_writes:
        return Window(retention.kept_from_ns(now_ns), memory_from_ns, end_ns, "data ingestion window")
    return Window(memory_from_ns, memory_from_ns, end_ns, "memory store")


def _iso_ms(time_ns: int) -> str:
    """As the service prints times in its reasons: `2023-02-13T19:22:45.051Z`."""
    moment = _EPOCH + timedelta(milliseconds=time_ns // 10**6)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
