"""Addresses of a plan. The same address shows the same plan to all who may open it; only the actions differ."""

from django.urls import include, path

from peers.doors import public, signed_in, walks
from recovery_plans.access import accompanies, owns, reads, summarizes, writes
from recovery_plans.views import (
    access_log,
    agreement,
    back,
    cards,
    drafts,
    goals,
    hand_overs,
    hands,
    home,
    ideas,
    line_history,
    person,
    plan,
    printing,
    profile,
    read_back,
    sharing,
    steps,
    summaries,
    today,
    together,
    visits,
    walk_requests,
    ways,
)

of_a_plan = [
    path("", reads(plan.plan, in_hands=True), name="plan"),
    # Looking back
    path("back/", reads(back.back), name="back"),
    path("lines/<uuid:line>/", reads(line_history.history), name="line-history"),
    path("back/<uuid:about>/", owns(back.tell, by_any_way=True, in_hands=True), name="telling-new"),
    path("tellings/<uuid:telling>/", owns(back.change, by_any_way=True, in_hands=True), name="telling-change"),
    path("tellings/<uuid:telling>/remove/", owns(back.remove, by_any_way=True, in_hands=True), name="telling-remove"),
    path(
        "tellings/<uuid:telling>/restore/", owns(back.restore, by_any_way=True, in_hands=True), name="telling-restore"
    ),
    path("person/", accompanies(person.person), name="person"),
    path("drafts/<path:box>/", writes(drafts.hold, in_hands=True), name="draft"),
    path("looks/", owns(access_log.access_log, by_any_way=True), name="looks"),
    # The profile
    path("about/", reads(profile.about_me, in_hands=True), name="about-me"),
    path("about/<slug:section>/", reads(profile.part, in_hands=True), name="part"),
    path("about/<slug:section>/add/", writes(profile.add, in_hands=True), name="entry-add"),
    path("entries/<uuid:line>/change/", writes(profile.change, in_hands=True), name="entry-change"),
    path("entries/<uuid:line>/remove/", writes(profile.remove, in_hands=True), name="entry-remove"),
    path("entries/<uuid:line>/restore/", writes(profile.restore, in_hands=True), name="entry-restore"),
    # Goals and their steps
    path("goals/new/", writes(goals.new, in_hands=True), name="goal-new"),
    path("goals/<uuid:goal>/", reads(goals.goal, in_hands=True), name="goal"),
    path("goals/<uuid:goal>/change/", writes(goals.change, in_hands=True), name="goal-change"),
    path("goals/<uuid:goal>/state/", writes(goals.state, in_hands=True), name="goal-state"),
    path("goals/<uuid:goal>/move/", owns(goals.move, by_any_way=True, in_hands=True), name="goal-move"),
    path("goals/<uuid:goal>/remove/", writes(goals.remove, in_hands=True), name="goal-remove"),
    path("goals/<uuid:goal>/restore/", writes(goals.restore, in_hands=True), name="goal-restore"),
    path("goals/<uuid:goal>/uses/", writes(goals.uses, in_hands=True), name="goal-uses"),
    path("goals/<uuid:goal>/ruler/", owns(goals.ruler, in_hands=True), name="goal-ruler"),
    path("goals/<uuid:goal>/steps/add/", writes(steps.add, in_hands=True), name="step-add"),
    path("steps/done/", writes(steps.done, in_hands=True), name="step-done"),
    path("goals/<uuid:goal>/steps/<uuid:step>/change/", writes(steps.change, in_hands=True), name="step-change"),
    path("goals/<uuid:goal>/steps/<uuid:step>/state/", writes(steps.state, in_hands=True), name="step-state"),
    path("goals/<uuid:goal>/steps/<uuid:step>/remove/", writes(steps.remove, in_hands=True), name="step-remove"),
    path("goals/<uuid:goal>/steps/<uuid:step>/restore/", writes(steps.restore, in_hands=True), name="step-restore"),
    # Side by side
    path("together/", accompanies(together.start, in_hands=True), name="together"),
    path("together/break/", accompanies(together.take_a_break, in_hands=True), name="together-break"),
    path("together/goals/<uuid:goal>/", accompanies(together.goal), name="together-goal"),
    path("together/<slug:section>/", accompanies(together.part, in_hands=True), name="together-part"),
    path("together/<slug:section>/add/", accompanies(together.add, in_hands=True), name="together-add"),
    path("together/<slug:section>/later/", accompanies(together.later, in_hands=True), name="together-later"),
    # Visits
    path("visits/", writes(visits.visits, by_any_way=False), name="visits"),
    path("visits/<uuid:walk>/", writes(visits.visit, by_any_way=False), name="visit"),
    # Read back
    path("read-back/", owns(read_back.read_back, by_any_way=True, in_hands=True), name="read-back"),
    path("read-back/<uuid:line>/", owns(read_back.answer, by_any_way=True, in_hands=True), name="read-back-answer"),
    # Ideas
    path("ideas/", reads(ideas.ideas, in_hands=True), name="ideas"),
    path("ideas/goal/", accompanies(ideas.offer_goal), name="idea-goal"),
    path("ideas/lines/<uuid:line>/", accompanies(ideas.offer_words), name="idea-words"),
    path("goals/<uuid:goal>/ideas/step/", accompanies(ideas.offer_step), name="idea-step"),
    path("goals/<uuid:goal>/ideas/state/", accompanies(ideas.offer_state), name="idea-state"),
    path("ideas/<uuid:idea>/", owns(ideas.answer, by_any_way=True, in_hands=True), name="idea-answer"),
    path("ideas/<uuid:idea>/my-way/", owns(ideas.my_way, by_any_way=True, in_hands=True), name="idea-mine"),
    path("ideas/<uuid:idea>/take-back/", accompanies(ideas.take_back), name="idea-take-back"),
    # This is my plan
    path("agree/", writes(agreement.agree, in_hands=True), name="agree"),
    path("agreed/<uuid:agreement>/", reads(agreement.agreed, in_hands=True), name="agreed"),
    path("agreed/<uuid:agreement>/walk/", accompanies(agreement.walk), name="agreed-walk"),
    path("agreed/<uuid:agreement>/pdf/", reads(agreement.pdf), name="agreed-pdf"),
    # In their hands
    path("hands/", accompanies(hands.give, in_hands=True), name="hands"),
    path("hands/back/", accompanies(hands.back, in_hands=True), name="hands-back"),
    path("hands/own-words/", accompanies(hands.own_words, in_hands=True), name="hands-own-words"),
    # A card, own words, the PDF
    path("card/", writes(cards.card), name="card"),
    path("card/new/", writes(cards.new), name="card-new"),
    path("card/words/", writes(cards.words, in_hands=True), name="card-words"),
    path("card/words/written/", owns(cards.written, by_any_way=True, in_hands=True), name="card-written"),
    path("card/pin/", owns(cards.pin, by_any_way=True, in_hands=True), name="card-pin"),
    path("card/off/", accompanies(cards.off), name="card-off"),
    path("card/pdf/", writes(cards.pdf), name="card-pdf"),
    path("print/", reads(printing.choose), name="print"),
    path("print/pdf/", reads(printing.pdf), name="print-pdf"),
    # Who may see what: the person decides
    path("share/", owns(sharing.share), name="share"),
    path("share/summary/", owns(sharing.summary), name="share-summary"),
    path("share/summary/stop/", owns(sharing.stop_summary), name="share-summary-stop"),
    path("share/parts/<slug:section>/", owns(sharing.part), name="share-part"),
    path("share/hand-overs/<uuid:hand_over>/", owns(hand_overs.answer), name="hand-over-answer"),
    path("share/ask/", owns(walk_requests.ask), name="walk-ask"),
    path("share/ways/", owns(ways.ways_in), name="ways-in"),
    path("share/ways/end/", owns(ways.end), name="way-end"),
    path("share/ways/end-others/", owns(ways.end_others), name="ways-end-others"),
    path("share/ways/new-card/", owns(ways.new_card), name="new-card-answer"),
    path("share/walks/<uuid:walk>/end/", owns(sharing.end_walk), name="walk-end"),
]

urlpatterns = [
    path("", public(home.home, because="the welcome page; who is signed in goes on to their own place"), name="home"),
    path("today/", walks(today.today), name="today"),
    path("people/new/", walks(today.new_person), name="person-new"),
    path("people/meet/<uuid:hand_over>/", walks(hand_overs.meet), name="person-meet"),
    path("people/asked/", walks(walk_requests.answer), name="person-asked"),
    path("people/new/draft/", walks(today.hold_new_person), name="person-new-draft"),
    path("before/", signed_in(home.before, by_any_way=True), name="before"),
    path("my-plan/start/", signed_in(home.start_own_plan, by_any_way=True), name="my-plan-start"),
    path("plans/<uuid:plan>/", include(of_a_plan)),
    # Supervisors
    path("team/", summarizes(summaries.team), name="team"),
    path("team/summaries/", summarizes(summaries.summaries), name="summaries"),
    path("team/summaries/<uuid:grant>/", summarizes(summaries.summary), name="summary"),
    path("team/summaries/<uuid:grant>/pdf/", summarizes(summaries.pdf), name="summary-pdf"),
    path("team/print/", summarizes(summaries.new_job), name="print-job-new"),
    path("team/print/<uuid:job>/", summarizes(summaries.job), name="print-job"),
    path("team/print/<uuid:job>/pdf/", summarizes(summaries.job_pdf), name="print-job-pdf"),
]
