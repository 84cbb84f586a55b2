"""One view of a session: what it is doing, since when, and where its time is booked."""
