// What every page does a little better with script. Without it, every page still works.
import { leaveAtOnce } from "./cover.js";

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
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-leave]")) leaveAtOnce(); });
document.addEventListener("submit", (event) => {
  if (event.target.id !== "leave") return;
  event.preventDefault();
  leaveAtOnce();
});

// A form is sent once, however often it is tapped. Coming back to the page opens it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return sayOnItsWay();
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => reopen(form), 8000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));

// A second tap is answered: the first one is on its way.
function sayOnItsWay() {
  const place = document.getElementById("messages");
  if (!place || place.querySelector("[data-on-its-way]")) return;
  const line = Object.assign(document.createElement("p"), { className: "note wrap", textContent: place.dataset.onItsWay });
  line.dataset.onItsWay = "";
  place.append(line);
  setTimeout(() => line.remove(), 8000);
}

function reopen(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// What an answer says is read out where the reader is, without taking them away from there.
const message = document.querySelector("#messages .note");
if (message && !document.querySelector("[autofocus]")) {
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
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
