"""The stage's throttle: a bucket of `burst` tokens that fills with `rate` tokens a second."""


class Throttle:
    """One bucket for all methods; `now_s` is any monotonic clock."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._filled_s = burst, 0.0

    def admits(self, now_s: float) -> bool:
        """Take a token, if there is one."""
        self._tokens = min(self._burst, self._tokens + (now_s - self._filled_s) * self._rate)
        self._filled_s = now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
