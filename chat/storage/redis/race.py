"""When a process that always loses to faster ones gives up appending: its line to the engine may be slower."""

GIVE_UP_AFTER = 1.8  # seconds: with the last attempt, what is refused is refused within three
BREATHER = 1.0  # seconds between two appends, after which it is another race


class Race:
    """Appends that lose to those of other processes, one after another. Times are in seconds, of any clock."""

    def __init__(self) -> None:
        self._began = self._ended = 0.0

    def lose(self, started: float, ended: float) -> bool:
        """Note that an append lost; return whether to give up."""
        if started - self._ended > BREATHER:
            self._began = started
        self._ended = ended
        if ended - self._began <= GIVE_UP_AFTER:
            return False
        self.end()
        return True

    def end(self) -> None:
        """Note that the next append begins another race."""
        self._ended = 0.0
