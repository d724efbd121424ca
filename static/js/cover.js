// The cover: where the session is over, on a shared device that was quiet for ten minutes, and in every other tab when
// somebody leaves, nothing of the page stays on the screen or in the document. What was typed waits in this page's memory
// alone, and is sent once the same user has come in again, here, in place. Nothing is put into the browser's storage.
const template = document.getElementById("cover");
const mine = template?.dataset.who;
const IS_LENT = template?.hasAttribute("data-lent"); // hidden as soon as another tab is in front
const QUIET = 1000 * (template?.dataset.quiet ?? 0); // only on a shared device
const LOOK_EVERY = 15000;
const TELL_EVERY = 10000;
const ASK_AGAIN = 2000;
// How long a page that shows nothing any more waits: for the last words, when it leaves and when it only covers itself;
// and for the session to end.
const FOR_WORDS = 3000;
const FOR_WORDS_QUIETLY = 10000;
const FOR_THE_END = 1200;
const TOKEN = "[name=csrfmiddlewaretoken]";
const channel = mine && "BroadcastChannel" in globalThis ? new BroadcastChannel("alongside") : null;

let held = null; // the page, while it is covered
let title = "";
let why = ""; // what it was covered for
let waiting = []; // who waits for the same user to come back
let last = Date.now();
let told = 0;
let leaving = false;

const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

export const isOver = () => Boolean(held);

async function ask() {
  const answer = await fetch(template.dataset.asks, { credentials: "same-origin", cache: "no-store" });
  return answer.json();
}

// A fresh token, once the same user is here; it may be that they have to come in first.
export async function comeBack() {
  if (!mine) return "";
  const here = await ask();
  if (here.who === mine && !held) return renew(document, here.token);
  cover(here.who ? "other" : "over");
  return new Promise((resolve) => waiting.push(resolve));
}

function renew(place, token) {
  place.querySelectorAll(TOKEN).forEach((box) => { box.value = token; });
  return token;
}

function cover(reason) {
  why = reason;
  if (!held) {
    held = document.createDocumentFragment();
    title = document.title;
    held.append(...document.body.childNodes);
    globalThis.speechSynthesis?.cancel();
  }
  document.title = "…";
  document.body.replaceChildren(document.importNode(template.content, true));
  document.querySelectorAll("[data-why]").forEach((one) => { one.hidden = !one.dataset.why.split(" ").includes(why); });
  document.documentElement.classList.remove("gone");
  document.querySelector("[data-cover]").focus();
}

function uncover(token) {
  document.body.replaceChildren(held);
  document.title = title;
  held = null;
  last = Date.now();
  renew(document, token);
  waiting.splice(0).forEach((resolve) => resolve(token));
  document.dispatchEvent(new CustomEvent("come-back"));
}

// --- coming in again, in place: the same forms as on their own pages ---

async function showForm(address, html) {
  html ??= await (await fetch(address, { credentials: "same-origin" })).text();
  const form = new DOMParser().parseFromString(html, "text/html").querySelector("main form[method=post]");
  if (!form) return sayAgain();
  form.action = form.getAttribute("action") || address;
  const shared = form.querySelector("[type=checkbox][name=shared]");
  if (QUIET && shared) shared.checked = true; // the device is what it was
  document.querySelector("[data-place]").replaceChildren(document.adoptNode(form));
  form.querySelector("[autofocus], input:not([type=hidden])")?.focus();
}

async function comeIn(form) {
  const answer = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-By-Script": "next" }, credentials: "same-origin",
  });
  const there = answer.headers.get("X-Go-On");
  if (!there) return showForm(form.action, await answer.text());
  const here = await ask();
  if (here.who === mine) return uncover(here.token);
  if (here.who) return cover("other");
  return showForm(there);
}

document.addEventListener("click", (event) => {
  const way = event.target.closest?.("[data-way]");
  if (held && way) showForm(way.dataset.way).catch(sayAgain);
});

addEventListener("submit", (event) => {
  if (!held) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  comeIn(event.target).catch(sayAgain);
}, true);

function sayAgain() {
  document.querySelectorAll("[data-again]").forEach((one) => { one.hidden = false; });
}

// --- other tabs, and quiet minutes ---

// Leave: cover the page at once, end the session, and put a neutral site in this page's place in the history.
export async function leaveAtOnce() {
  const form = document.getElementById("leave");
  const neutral = form?.dataset.exit || document.querySelector("[data-exit]")?.dataset.exit;
  if (leaving || !neutral) return;
  leaving = true;
  channel?.postMessage({ left: mine });
  const first = []; // what was typed is sent before the session ends
  document.dispatchEvent(new CustomEvent("leaving", { detail: first }));
  document.documentElement.classList.add("gone");
  document.title = "…";
  globalThis.speechSynthesis?.cancel();
  if (first.length) await Promise.race([Promise.all(first), sleep(FOR_WORDS)]);
  if (form) {
    const ended = fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual",
    }).catch(() => {});
    await Promise.race([ended, sleep(FOR_THE_END)]);
  }
  location.replace(neutral);
}

async function closeQuietly() {
  if (held) return;
  document.documentElement.classList.add("gone");
  const first = [];
  document.dispatchEvent(new CustomEvent("leaving", { detail: first }));
  await Promise.race([Promise.all(first), sleep(FOR_WORDS_QUIETLY)]);
  const form = document.getElementById("leave");
  if (form) {
    fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-By-Script": "next" }, keepalive: true,
    }).catch(() => {});
  }
  cover("quiet");
}

function look() {
  if (QUIET && Date.now() - last >= QUIET) closeQuietly();
}

function active() {
  last = Date.now();
  if (!QUIET || last - told < TELL_EVERY) return;
  told = last;
  channel?.postMessage({ active: mine });
}

if (mine) {
  for (const sign of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(sign, active, { passive: true, capture: true });
  if (QUIET) setInterval(look, LOOK_EVERY);
  // The device goes into a person's hands: nothing of its owner's stays on the screen of another tab.
  addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-hands]")) channel?.postMessage({ lent: mine });
  }, true);
  channel?.addEventListener("message", ({ data }) => {
    if (data.active === mine) last = Date.now();
    if (data.lent === mine && !held) cover("other");
    if (data.left === mine) {
      cover("left");
      held = document.createDocumentFragment(); // nothing of it is kept
    }
  });
  // Whoever left in a tab without script, or whose session has ended, is not shown the plan by coming back to this tab.
  const comeToTheFront = async () => {
    if (document.hidden) document.documentElement.classList.toggle("gone", IS_LENT && !held);
    if (document.hidden || (held && why !== "other")) return;
    look();
    const here = await ask().catch(() => null);
    if (!here && IS_LENT && !held) { // it stays hidden until it knows whose turn it is
      setTimeout(comeToTheFront, ASK_AGAIN);
      return;
    }
    if (held && here?.who === mine) uncover(here.token);
    if (here && here.who !== mine && !held) cover(here.who ? "other" : "over");
    document.documentElement.classList.remove("gone");
  };
  document.addEventListener("visibilitychange", comeToTheFront);
}
