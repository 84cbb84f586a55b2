"""What became of one session's posts: sent, stored, lost."""

import msgspec


class TargetAccount(msgspec.Struct):
    """Events of one sequence: sent by the player, stored at least once, and the highest number stored."""

    sent: int = 0
    stored: int = 0
    repeated: int = 0
    """Events stored again."""
    last_seq_stored: int = -1


class Account(msgspec.Struct):
    """Of one session; times are ms since its player was set up."""

    targets: dict[str, TargetAccount] = {}
    said_ms: int = 0
    """The last word the player spoke."""
    heard_ms: int = 0
    """The last word that arrived."""
    losses: list[tuple[int, int]] = []
    """(last moment it told of, events) of every post that was lost."""

    def enter(self, target: str, events: int, first_seq: int, said_ms: int, arrivals: int) -> None:
        """Enters a post that arrives `arrivals` times."""
        account = self.targets.setdefault(target, TargetAccount())
        account.sent += events
        self.said_ms = max(self.said_ms, said_ms)
        if not arrivals:
            self.losses.append((said_ms, events))
            return
        self.heard_ms = max(self.heard_ms, said_ms)
        account.stored += events
        account.repeated += events * (arrivals - 1)
        account.last_seq_stored = max(account.last_seq_stored, first_seq + events - 1)

    def lost(self, until_ms: int) -> int:
        """Events that were lost and told of nothing later than `until_ms`."""
        return sum(events for told_ms, events in self.losses if told_ms <= until_ms)
