// On the plan, "I did this" happens in place. The form is the same one that works without script: it is sent as it is,
// and the goal's card, the message and the way back are taken from the page that comes as the answer.
const page = document.getElementById("main");

page.addEventListener("submit", (event) => {
  const form = event.target;
  const card = form.closest("article.goal");
  if (!card?.id || !form.matches("[data-in-place]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  send(form, card).catch(() => {
    // No answer, or not the one we know: send it the plain way. Saying it twice changes nothing.
    delete form.dataset.busy;
    form.removeAttribute("data-in-place");
    form.submit();
  });
});

async function send(form, card) {
  form.querySelector("button").setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = there.getElementById(card.id);
  if (!answer.ok || !fresh) throw new Error("not the plan");
  take(there, "messages");
  placeUndo(there, card, fresh);
  for (const kind of ["banner", "tall"]) replace(document.querySelector(`.pathpic--${kind}`), there.querySelector(`.pathpic--${kind}`));
}

function take(there, id) {
  const mine = document.getElementById(id);
  const theirs = there.getElementById(id);
  // The live region itself stays, so that what is new in it is read out.
  if (mine && theirs) mine.replaceChildren(...[...theirs.children].map((child) => document.importNode(child, true)));
}

// The way back stands inside the card, where the tap was.
function placeUndo(there, card, fresh) {
  document.getElementById("undo")?.remove();
  const said = there.querySelector("#messages .note");
  const undo = there.getElementById("undo");
  const put = document.importNode(fresh, true);
  if (undo) {
    const back = document.importNode(undo, true);
    back.setAttribute("data-in-place", "");
    back.classList.add("undo--card");
    if (said) {
      const line = document.createElement("p");
      line.textContent = said.textContent.trim();
      back.prepend(line);
    }
    put.querySelector(".goal__f").before(back);
  }
  card.replaceWith(put);
  (put.querySelector("#undo button") ?? put.querySelector("h3, a"))?.focus({ preventScroll: true });
}

function replace(mine, theirs) {
  if (mine && theirs) mine.replaceWith(document.importNode(theirs, true));
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
