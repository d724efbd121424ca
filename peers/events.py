"""What can happen to people, as the organization's own log names it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeopleEvent(models.TextChoices):
    """One kind of thing that happened. The log says that, never what: no names, no words."""

    ORGANIZATION_FOUNDED = "organization_founded", _("The organization was set up")
    ORGANIZATION_CHANGED = "organization_changed", _("The organization's details were changed")
    STAFF_INVITED = "staff_invited", _("Someone was invited to the team")
    ROLE_BEGUN = "role_begun", _("Someone joined the team")
    ROLE_ENDED = "role_ended", _("Someone left the team")
    ROLE_RESUMED = "role_resumed", _("Someone who had left the team is back")
    PERSON_MET = "person_met", _("A peer specialist met a new person")
    NAME_CORRECTED = "name_corrected", _("The name of a person was corrected")
    PERSON_TAKEN_BACK = "person_taken_back", _("A person who was met by mistake was taken back")
    WALK_ASKED = "walk_asked", _("A person asked someone to walk with them")
    HAND_OVER_ASKED = "hand_over_asked", _("A peer specialist was asked to meet a person")
    WALK_STARTED = "walk_started", _("A peer specialist began to walk with a person")
    WALK_ENDED = "walk_ended", _("A peer specialist stopped walking with a person")
    CARD_MADE = "card_made", _("A plan card was made")
    CARD_TURNED_OFF = "card_turned_off", _("A plan card was turned off")
    CARD_OPENED = "card_opened", _("A plan card was opened")
    CARD_RIGHT = "card_right", _("Someone said that a new card was right")
    CARD_WRONG = "card_wrong", _("Someone said that a new card was not right")
    OWN_WORDS_MADE = "own_words_made", _("Own words were made")
    OWN_WORDS_USED = "own_words_used", _("Own words opened a plan")
    OTHER_WAYS_ENDED = "other_ways_ended", _("Someone ended all other ways into their plan")
    PASSPHRASE_ENDED = "passphrase_ended", _("A sign-in name was ended")
    PASSPHRASE_TAKEN = "passphrase_taken", _("A passphrase was set")
    SECOND_LOCK_ON = "second_lock_on", _("A second lock was turned on")
    SECOND_LOCK_OFF = "second_lock_off", _("A second lock was turned off")
    RECOVERY_CODE_USED = "recovery_code_used", _("A recovery code was used")
    PASSPHRASE_LINK_MADE = "passphrase_link_made", _("A link to a new passphrase was made")
    PASSPHRASE_LINK_USED = "passphrase_link_used", _("A new passphrase was chosen with a link")
