"""What media requests tell of a view whose player tells no states: stalls, play and first movement, with
bounds. Incremental and bounded; `reading.read` takes in one request, `result.estimate_of` says what is known.

The identity behind it, for one type of media and two requests i < j without a jump between them:

    stood still = (t_j - t_i) - (durations of the segments i to j-1 + buffer_i - buffer_j) / rate

The *lag* of a request, its time less the position of the playhead (the end of what was asked for before it
less what it says is buffered), is constant while media plays and grows by what the playhead stands still.
"""
