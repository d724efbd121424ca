// On the plan, "I did this" happens in place. The form is the same one that works without script: it is sent as it is,
// and what it changes is taken from the page that comes as the answer, with the sentence and the way back in it.
const page = document.getElementById("main");
let lastTap = Promise.resolve(); // one at a time: each answer then shows all that was tapped before it

page.addEventListener("submit", (event) => {
  const [form, button] = [event.target, event.submitter];
  const card = button?.closest("article.goal, #next");
  const goal = card && goalOf(form, card);
  if (!goal || !form.matches("[data-in-place]")) return;
  event.preventDefault();
  if (button.hasAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const words = new URLSearchParams(new FormData(form));
  if (button.name) words.set(button.name, button.value);
  const tap = { address: form.action, words, card: card.id, goal };
  lastTap = lastTap.then(() => send(tap)).catch(() => {
    // No answer, or not the one we know: send it the plain way. Saying it twice changes nothing.
    form.removeAttribute("data-in-place");
    delete form.dataset.sent;
    const same = `button[form="${form.id}"][value="${button.value}"]`; // the card may have come anew meanwhile
    const again = button.isConnected ? button : document.querySelector(same);
    if (again) again.click();
    else location.reload();
  });
});

// The goal that a tap changes: the form's address names it, or the card is its own, or the next step's goal is meant.
function goalOf(form, card) {
  const named = /\/goals\/([^/]+)\//.exec(form.getAttribute("action"))?.[1];
  if (named) return `goal-${named}`;
  return card.id === "next" ? document.querySelector("#next a")?.hash.slice(1) : card.id;
}

async function send({ address, words, card, goal }) {
  const answer = await fetch(address, { method: "POST", body: words, credentials: "same-origin" });
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !there.getElementById(goal) || !there.querySelector(".hero")) throw new Error("not the plan");
  const top = document.getElementById(card)?.getBoundingClientRect().top ?? 0;
  replace(there, `#${goal}`);
  replaceNext(there);
  for (const kind of ["banner", "tall"]) replace(there, `.pathpic--${kind}`);
  const now = document.getElementById(card) ?? document.getElementById(goal);
  scrollBy(0, now.getBoundingClientRect().top - top);
  tell(document.getElementById("told") ?? now);
}

function replace(there, what) {
  const [mine, theirs] = [document.querySelector(what), there.querySelector(what)];
  if (mine && theirs) mine.replaceWith(document.importNode(theirs, true));
}

// The next step may be there for the first time, or for the last.
function replaceNext(there) {
  const [mine, theirs] = [document.getElementById("next"), there.getElementById("next")];
  if (mine && !theirs) mine.remove();
  else if (!mine && theirs) document.querySelector(".hero").after(document.importNode(theirs, true));
  else replace(there, "#next");
}

function tell(told) {
  if (told.id === "told") document.dispatchEvent(new CustomEvent("told", { detail: told }));
  (told.querySelector("button") ?? told).focus({ preventScroll: true });
  told.scrollIntoView({ block: "nearest" });
}

// What is folded is printed too. browser-print.css does it alone where a browser knows ::details-content.
addEventListener("beforeprint", () => turnFolds("main details:not([open])", true));
addEventListener("afterprint", () => turnFolds("main details[data-printed]", false));

function turnFolds(which, open) {
  for (const fold of document.querySelectorAll(which)) {
    fold.open = open;
    fold.toggleAttribute("data-printed", open);
  }
}
