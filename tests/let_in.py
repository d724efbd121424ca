"""Who of the cast is let in at each kind of door, in each state of the world."""

EVERYONE = ["signed_out", "maya", "sam", "lee", "noor", "dana", "alex", "rosa", "ines"]
PEERS = {"sam", "lee", "alex", "rosa"}

# Who is let in, for each kind of door, in each state of the world:
#   as_it_is      Sam walks with Maya, and Maya said yes to the summary
#   walk_ended    Sam and Maya no longer walk together
#   yes_withdrawn Maya took her yes to the summary back
STATES = ["as_it_is", "walk_ended", "yes_withdrawn"]


def let_in(door, state):
    walking = set() if state == "walk_ended" else {"sam"}
    return {
        "public": set(EVERYONE),
        "signed_in": set(EVERYONE) - {"signed_out"},
        "walks": PEERS,
        "meets": {"alex"},
        "administers": {"ines"},
        "summarizes": {"dana"},
        "summary": set() if state == "yes_withdrawn" else {"dana"},
        "reads": {"maya"} | walking,
        "writes": {"maya"} | walking,
        "owns": {"maya"},
        "accompanies": walking,
    }[door]
