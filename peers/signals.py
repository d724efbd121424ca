"""Signals by which this app tells the other one, or asks it, without importing it (docs/decisions/0010)."""

from django.dispatch import Signal

# A walk has ended, whoever ended it. Sent by `Walk` in the transaction that ends it, with `walk`, `by` (None for a role
# that a command ended) and `card_is_off` (whether a card of the peer specialist's that
# nobody had opened was turned off with it).
walk_ended = Signal()
# A walk that had ended with a role goes on, as the end of the role was undone. Sent by `Walk` in that transaction, with
# `walk`.
walk_resumed = Signal()
# What tells a person from another of the same name is another now. Sent by `Person` in that transaction, with `person`
# and `by`.
known_by_changed = Signal()
# Something happened to someone's ways in. Sent in a transaction, with `user`, whose ways they are, `by`, who did it
# (None for whoever runs the server), `what`, a `PeopleEvent`, and `card`, the card or own words it happened to (None
# for a sign-in name and a second lock).
way_in_changed = Signal()
# A device that was in a person's hands is with its owner again. Sent with `person`, their code, and `by`, the owner.
device_taken_back = Signal()
# Whom may the user of this `request` call, of the people and the hard days in their own plan? A receiver returns a
# list; each has `words`, `helps`, `phone`, `language` and `is_hard_day`.
supporters_requested = Signal()
# What else has to work besides the database? A receiver returns functions by name; each returns whether its part works.
health_checks_requested = Signal()
