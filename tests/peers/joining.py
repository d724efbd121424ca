"""An invitation to the team, from Ines' page to the first screen of whoever joins."""

NEW = "seven lamps by the quiet river"


def is_in(browser):
    return browser.get("/settings/").status_code == 200


def invites(browser, role="peer_specialist", name=""):
    page = browser.post("/organization/invite/", {"role": role, "name": name})
    return page, page.context.get("link", "").replace("http://testserver", "")


def joins(browser, link, username="kim", name="Kim", passphrase=NEW):
    return browser.post(link, {"name": name, "username": username, "passphrase": passphrase})
