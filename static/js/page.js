// What every page does a little better with script. Without it, every page still works.
import { leaveAtOnce } from "./leave.js";

// The Leave key: Shift, three times within five seconds, and nothing typed in between.
const WITHIN = 5000;
let presses = [];
let alone = false;

document.addEventListener("keydown", (event) => {
  alone = event.key === "Shift" && !event.repeat;
  if (!alone) presses = [];
});
document.addEventListener("pointerdown", () => { alone = false; });
document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  const now = Date.now();
  presses = [...presses.filter((then) => now - then < WITHIN), now];
  if (presses.length >= 3) leaveAtOnce();
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "leave") return;
  event.preventDefault();
  leaveAtOnce();
});

// A form is sent once, however often it is tapped. Coming back to the page opens it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return void event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => reopen(form), 8000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));

function reopen(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// "Show": what is typed unseen can be looked at.
for (const button of document.querySelectorAll("[data-shows]")) {
  const box = document.getElementById(button.dataset.shows);
  if (!box) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = box.type === "password";
    box.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}

// "Print here".
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// "Hear it": the device itself reads the words with that id aloud, in their own language. Nothing is sent anywhere.
if ("speechSynthesis" in window) {
  for (const button of document.querySelectorAll("[data-hears]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const words = document.getElementById(event.target.closest?.("[data-hears]")?.dataset.hears);
    if (!words) return;
    const was = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (was) return;
    const voice = new SpeechSynthesisUtterance(words.textContent.trim());
    voice.lang = words.closest("[lang]").lang;
    voice.rate = 0.9;
    speechSynthesis.speak(voice);
  });
}

// In place: a form marked data-in-place="region" is sent quietly, and that region (an element with this id) is
// replaced by the same region of the answer. Whatever else comes back is shown as the page it is.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-in-place]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const focused = document.activeElement?.id;
  try {
    const sent = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.action, { method: "POST", body: sent, keepalive: true, credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const region = document.getElementById(form.dataset.inPlace);
    const next = fresh.getElementById(form.dataset.inPlace);
    if (!answer.ok || !next) return void showPage(answer, fresh);
    region.replaceWith(document.adoptNode(next));
    const messages = fresh.getElementById("messages");
    if (messages) document.getElementById("messages")?.replaceChildren(...messages.childNodes);
    const there = focused && document.getElementById(focused);
    if (there) there.focus();
    else {
      next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
  } catch {
    reopen(form);
    say(form.dataset.failed);
  }
});

function showPage(answer, fresh) {
  if (answer.redirected) return void location.assign(answer.url);
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  (document.querySelector("[data-errors]") ?? document.getElementById("main"))?.focus();
}

function say(words) {
  const messages = document.getElementById("messages");
  if (!messages || !words) return;
  const note = document.createElement("p");
  note.className = "note note--error wrap";
  note.textContent = words;
  messages.replaceChildren(note);
  messages.scrollIntoView({ block: "center" });
}
