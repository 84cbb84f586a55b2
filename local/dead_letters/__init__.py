"""Dead letters where a person can see them, and put the records back after a fix.

`python -m local.dead_letters` and the page `/dead-letters` are two faces of the same functions.

    letter        what a record of the dead letter stream says                     (pure)
    content       its bytes, readable: text, hexadecimal, unpacked, taken apart    (pure)
    reinjection   what is put back on the stream of beacons, and what cannot be    (pure)
    streams       the two streams, read and written within limits
    actions       list, show and re-inject, as both faces offer them
    printed       letters on a terminal                                            (pure)
    routes, page  letters in a browser
"""

from local.dead_letters.routes import dead_letter_routes

__all__ = ["dead_letter_routes"]
