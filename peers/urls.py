"""Addresses of signing in, settings and the organization, each with its door."""

from django.conf import settings
from django.urls import path

from peers.doors import administers, public, signed_in, walks
from peers.views import (
    alone,
    card_way_in,
    health,
    language,
    leave,
    organization,
    own_words,
    passphrase_link,
    safety,
    second_locks,
    signin,
    still_signed_in,
)
from peers.views import settings as own

urlpatterns = [
    path("about/", public(safety.about, because="says what this is to anyone who asks"), name="about"),
    path("safe/", public(safety.safe, because="how to stay private must be readable before sign-in"), name="safe"),
    path("help-now/", public(safety.help_now, because="help lines are for everyone, at any time"), name="help-now"),
    path("language/", public(language.choose, because="a language is chosen before sign-in"), name="language"),
    path(
        "healthz", public(health.healthz, because="monitoring asks; answers only 'well' or 'not well'"), name="healthz"
    ),
    # Signing in
    path("sign-in/", public(signin.sign_in, because="signing in with a passphrase"), name="sign-in"),
    path("sign-in/code/", public(signin.code, because="second half of signing in"), name="sign-in-code"),
    path("join/<str:token>/", public(signin.join, because="an invitation's one-time link is the key"), name="join"),
    path(
        "new-passphrase/<str:token>/",
        public(passphrase_link.follow, because="a one-time link for a forgotten passphrase is the key"),
        name="passphrase-link",
    ),
    path("open/", public(card_way_in.by_words, because="signing in with a card's four words"), name="open"),
    path(
        "o/<str:token>/",
        public(card_way_in.by_link, because="the card's token is the key"),
        name="open-link",
    ),
    path(
        "still-signed-in/",
        public(still_signed_in.still_signed_in, because="a tab asks whether it still is; names no one"),
        name="still-signed-in",
    ),
    path("leave/", public(leave.leave, because="leaving must work even when the session is over"), name="leave"),
    # One's own
    path("own-words/", signed_in(own_words.own_words, by_any_way=True, in_hands=True), name="own-words"),
    path("settings/", signed_in(own.settings, by_any_way=True), name="settings"),
    path("settings/passphrase/", signed_in(own.passphrase), name="settings-passphrase"),
    path("settings/second-lock/", signed_in(own.second_lock), name="settings-lock"),
    path("settings/device-pin/", walks(own.device_pin), name="settings-device-pin"),
    # The organization
    path("organization/", administers(organization.home), name="organization"),
    path("organization/edit/", administers(organization.edit), name="organization-edit"),
    path("organization/people/", administers(alone.people), name="organization-alone"),
    path("organization/people/<uuid:person>/ask/", administers(alone.ask), name="organization-alone-ask"),
    path("organization/second-locks/", administers(second_locks.people), name="organization-second-locks"),
    path(
        "organization/second-locks/<uuid:person>/off/",
        administers(second_locks.turn_off),
        name="organization-second-lock-off",
    ),
    path("organization/invite/", administers(organization.invite), name="organization-invite"),
    path("organization/roles/<uuid:role>/end/", administers(organization.end_role), name="organization-role-end"),
    path(
        "organization/roles/<uuid:role>/resume/",
        administers(organization.resume_role),
        name="organization-role-resume",
    ),
    path(
        "organization/team/<uuid:user>/passphrase/",
        administers(passphrase_link.make),
        name="organization-passphrase-link",
    ),
]

if settings.MODE == "local":
    urlpatterns += [
        path(
            "components/",
            public(safety.components, because="every component in every state; never in production"),
            name="components",
        )
    ]
