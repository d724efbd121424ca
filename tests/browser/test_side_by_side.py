"""Side by side on a tablet, held either way: what keeps the words is in sight beside the box they are typed in."""

import pytest

from tests.browser.test_friction import at


@pytest.mark.parametrize("wide, high", [(1024, 768), (768, 1024)])
@pytest.mark.parametrize("section", ["strengths", "values", "supporters"])
def test_keep_this_is_in_sight_without_scrolling(signed_in, cast, plan, section, wide, high):
    tablet = {"viewport": {"width": wide, "height": high}, "has_touch": True}
    with signed_in(cast.sam, f"{at(plan)}together/{section}/", device=tablet) as device:
        keep = device.page.locator("#words").get_by_role("button", name="Keep this", exact=True)
        box = keep.bounding_box()
        assert box["y"] + box["height"] <= high
