"""Sam's tablet for the tests: what Maya's plan holds, the tap that gives it to her, and the PIN that takes it back."""

from django.urls import reverse

from recovery_plans.models import Section

PIN = "2468"


def fill_plan(cast):
    """Maya's plan: a strength that Sam typed, her own story and a hard day, which Sam does not see."""
    cast.plan.add_entry(section=Section.STRENGTHS, words="I listen", by=cast.sam)
    for section in (Section.EXPERIENCES, Section.HARD_DAYS):
        cast.plan.add_entry(section=section, words=f"Mine alone: {section}", by=cast.maya)
    return cast.plan


def lend_tablet(cast, plan, browser_of):
    """Sam's tablet, with Sam's PIN, in Maya's hands."""
    cast.sam.take_device_pin(PIN)
    browser = browser_of(cast.sam)
    give(browser, plan)
    return browser


def together(plan, slug="strengths", name="together-part"):
    return reverse(name, kwargs={"plan": plan.pk, "section": slug})


def give(browser, plan, slug="strengths"):
    return browser.post(reverse("hands", args=[plan.pk]) + f"?part={slug}", follow=True)


def take_back(browser, plan, **typed):
    return browser.post(reverse("hands-back", args=[plan.pk]), typed or {"pin": PIN}, follow=True)
