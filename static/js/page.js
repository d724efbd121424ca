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

// A page that comes again as the answer to a form stays where it was, and what is told of it stands beside what changed.
// Only where on the page it was is remembered, and no words: the form's address, and what stood around the button.
const PLACE = "place";
const topOf = (one) => one.getBoundingClientRect().top;
const formsTo = (address) => [...document.forms].filter((form) => form.getAttribute("action") === address);

document.addEventListener("submit", ({ target, submitter }) => {
  if (target.method !== "post" || !target.closest("main")) return;
  const from = target.contains(submitter) ? target : submitter ?? target;
  const line = from.closest("li[id]");
  const to = target.getAttribute("action");
  const left = { path: location.pathname, when: Date.now(), y: scrollY, top: topOf(from), to };
  Object.assign(left, { which: formsTo(to).indexOf(from), at: line?.id, after: line?.previousElementSibling?.id });
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(left));
  } catch { /* a browser that keeps nothing: the page begins at what is told */ }
}, true);

function placeLeft() {
  try {
    const left = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    return left?.path === location.pathname && Date.now() - left.when < 60_000 ? left : null;
  } catch {
    return null;
  }
}

// The element that a form stood in may be gone: then what is told stands where it was.
function bringTo(left, told) {
  const form = formsTo(left.to)[left.which];
  const around = (left.at && document.getElementById(left.at)) || form;
  const before = !around && document.getElementById(left.after);
  if (before) before.append(told);
  else if (around && told.closest("#messages")) around.before(told);
}

function scrollBack(left, told) {
  const form = formsTo(left.to)[left.which];
  scrollTo(0, left.y);
  if (form) scrollBy(0, topOf(form) - left.top);
  told.scrollIntoView({ block: "nearest" });
}

// What comes into a live region is read out; what stands there when the page comes may not be.
document.addEventListener("told", (event) => speak(event.detail));

function speak(told) {
  const region = told.querySelector("[role=status]") ?? told;
  const words = [...region.childNodes];
  region.style.minHeight = `${region.offsetHeight}px`; // nothing moves meanwhile
  if (region === told && !told.closest("[role=status]")) told.setAttribute("role", "status");
  region.replaceChildren();
  setTimeout(() => region.append(...words), 50);
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

// Last of all, when the page has the height that it keeps; and after the browser has looked for the place itself.
const told = document.getElementById("told");
const left = placeLeft();
if (told && !document.querySelector("[autofocus]")) {
  if (left) bringTo(left, told);
  told.focus({ preventScroll: true });
  speak(told);
  const settle = () => (left ? scrollBack(left, told) : told.scrollIntoView({ block: "nearest" }));
  settle();
  addEventListener("load", () => setTimeout(settle));
  // The browser would put it elsewhere once more. Whoever comes back to it later is where they left it.
  history.scrollRestoration = "manual";
  addEventListener("pagehide", () => { history.scrollRestoration = "auto"; });
}
