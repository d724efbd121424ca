// A new goal: opened in place on the plan, its starters put into the box, and one more box for each small step.
// Without script the form is the page it is: starters are links, and a few boxes for steps are there already.
const form = () => document.getElementById("new-goal");

document.addEventListener("click", (event) => {
  const opens = event.target.closest("a[data-new-goal]");
  const starts = event.target.closest("a[data-starts]");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (opens) {
    event.preventDefault();
    open(opens).catch(() => location.assign(opens.href));
  } else if (starts) {
    event.preventDefault();
    begin(document.getElementById(starts.dataset.starts), starts.textContent.replace(/[ .…]+$/, ""));
  } else if (event.target.closest("[data-step-more]")) {
    oneMore()?.focus();
  } else if (event.target.closest("a[data-not-now]") && document.querySelector("a[data-new-goal]")) {
    event.preventDefault();
    form().hidden = true;
    document.querySelector("a[data-new-goal]").focus();
  }
});

// Enter in a step goes on to the next one; in a blank one it keeps the goal, as Enter always does.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.isComposing || !box.matches("[data-step-boxes] input") || !box.value.trim()) return;
  const next = nextOf(box);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// The same form that the link leads to, under the heading it belongs to. What was typed waits while it is closed.
async function open(link) {
  const keeps = import("./keep.js").catch(() => {}); // here in time, or the form goes without
  if (!form()) {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("new-goal");
    if (!answer.ok || !fresh) throw new Error("not the form");
    if (!form()) link.closest("section").querySelector(".sect-h").after(document.importNode(fresh, true));
    fewer();
  }
  await keeps;
  form().hidden = false;
  form().querySelector("textarea").focus();
}

function begin(box, words) {
  const starters = [...document.querySelectorAll("a[data-starts]")].map((link) => link.textContent.replace(/[ .…]+$/, ""));
  const typed = starters.includes(box.value.trim()) ? "" : box.value;
  box.value = `${words} ${typed}`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

// --- boxes for steps: the filled ones and one more ---

const boxes = () => [...form().querySelectorAll("[data-step-boxes] .field")];

function fewer() {
  const place = form()?.querySelector("[data-step-boxes]");
  if (!place) return;
  const more = place.querySelector("template");
  more.before(more.content);
  const last = boxes().map((field) => Boolean(field.querySelector("input").value)).lastIndexOf(true);
  boxes().forEach((field, at) => { field.hidden = at > Math.max(last, 0); });
  showMore();
}

function oneMore() {
  const next = boxes().find((field) => field.hidden);
  if (next) next.hidden = false;
  showMore();
  return next?.querySelector("input");
}

function nextOf(box) {
  const fields = boxes();
  const next = fields[fields.indexOf(box.closest(".field")) + 1];
  return next?.hidden ? oneMore() : next?.querySelector("input");
}

function showMore() {
  form().querySelector("[data-step-more]").hidden = !boxes().some((field) => field.hidden);
}

fewer();
