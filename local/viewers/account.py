"""What became of one session's posts: sent, stored, lost."""

import msgspec

from local.viewers.dialects.post import Post


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
    latest_ms: int = 0
    """The longest way of a post that arrived, from sending to its first arrival."""
    losses: list[tuple[int, int]] = []
    """(last moment it told of, events) of every post that was lost."""

    def enter(self, post: Post, arrivals: list[int]) -> None:
        """Enters a post and when it arrives, in order: never, once or again."""
        account = self.targets.setdefault(post.target, TargetAccount())
        account.sent += post.events
        self.said_ms = max(self.said_ms, post.said_ms)
        if not arrivals:
            self.losses.append((post.said_ms, post.events))
            return
        self.heard_ms = max(self.heard_ms, post.said_ms)
        self.latest_ms = max(self.latest_ms, arrivals[0] - post.send_ms)
        account.stored += post.events
        account.repeated += post.events * (len(arrivals) - 1)
        account.last_seq_stored = max(account.last_seq_stored, post.first_seq + post.events - 1)

    def lost(self, until_ms: int) -> int:
        """Events that were lost and told of nothing later than `until_ms`."""
        return sum(events for told_ms, events in self.losses if told_ms <= until_ms)
