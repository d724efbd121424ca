"""What can happen to a plan, as the access log names it and as the person reads it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanEvent(models.TextChoices):
    """One kind of thing that happened. The log says that, never what: no words, no names."""

    PLAN_STARTED = "plan_started", _("started this plan")
    PLAN_LOOKED = "plan_looked", _("looked at the plan")
    PLAN_PRINTED = "plan_printed", _("printed the plan")
    PLAN_NOT_PRINTED = "plan_not_printed", _("asked for a print of the plan; it was not made")
    LINE_ADDED = "line_added", _("added something")
    LINE_CHANGED = "line_changed", _("changed some words")
    LINE_KEPT_BOTH = "line_kept_both", _("wrote at the same time; both texts are kept")
    LINE_TAKEN_OUT = "line_taken_out", _("took something out")
    LINE_BROUGHT_BACK = "line_brought_back", _("brought something back")
    GOAL_STATE = "goal_state", _("said how a goal is going")
    GOALS_ORDERED = "goals_ordered", _("changed the order of goals")
    GOAL_LINKED = "goal_linked", _("chose what goes with a goal")
    STEP_STATE = "step_state", _("said how a step is going")
    PART_OPENED = "part_opened", _("opened a part to the one who walks along")
    PART_CLOSED = "part_closed", _("closed a part again")
    SUMMARY_YES = "summary_yes", _("said yes to the one-page summary")
    SUMMARY_STOPPED = "summary_stopped", _("stopped the one-page summary")
    SUMMARY_LOOKED = "summary_looked", _("looked at the one-page summary")
    SUMMARY_PRINTED = "summary_printed", _("printed the one-page summary")
    SUMMARY_NOT_PRINTED = "summary_not_printed", _("asked for a print of the one-page summary; it was not made")
    SUMMARY_REFUSED = "summary_refused", _("asked for a one-page summary that is not shared")
    CARD_MADE = "card_made", _("made a plan card")
    CARD_TURNED_OFF = "card_turned_off", _("turned off the plan card")
    CARD_USED = "card_used", _("opened the plan with a card")
    NAME_CORRECTED = "name_corrected", _("corrected my name")
    PLAN_TAKEN_BACK = "plan_taken_back", _("took this plan back, as it was begun by mistake")
    WALK_ASKED = "walk_asked", _("asked someone to walk along")
    WALK_BEGUN = "walk_begun", _("began to walk with me")
    CARD_OPENED = "card_opened", _("opened the plan with a card that someone else made")
    CARD_RIGHT = "card_right", _("said that the new card was right")
    CARD_WRONG = "card_wrong", _("said that the new card was not right; it is off")
    OWN_WORDS_MADE = "own_words_made", _("made own words")
    OWN_WORDS_USED = "own_words_used", _("opened the plan with own words")
    OTHER_WAYS_ENDED = "other_ways_ended", _("ended all other ways in")
    PASSPHRASE_TAKEN = "passphrase_taken", _("chose a sign-in name and passphrase")
    PASSPHRASE_ENDED = "passphrase_ended", _("ended the sign-in name")
    WALK_ENDED = "walk_ended", _("ended walking together")
    WALK_OVER = "walk_over", _("no longer walks with me, as their role here has ended")
    WALK_RESUMED = "walk_resumed", _("walks with me again, as their role here goes on")
    CARD_OFF_TOO = "card_off_too", _("made me a plan card, which is off now")
