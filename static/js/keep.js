// No typed word is lost: what is typed in a form is held on the server until it is kept, and a form is sent by script, so
// that a dropped line leaves the page where it is. A form that says data-keep="itself" is saved as it is, with the version
// it was read at; what is typed in any other is held as a draft. Each text goes under one save id, however often it is
// tried. Without script the buttons do it.
import { isOver } from "./cover.js";
import { Keeper, plain, plainly, said, saidAtFirst, sleep, submitterOf } from "./keeper.js";

const TRY_AGAIN = 500;
const keepers = new Map();
let leaving = false;

function keeperOf(form) {
  if (!form?.matches?.("form[data-keep]")) return null;
  if (!keepers.has(form)) keepers.set(form, new Keeper(form));
  return keepers.get(form);
}

const unsafe = () => [...keepers.values()].filter((keeper) => keeper.waits && !keeper.letsGo);
const saveAll = () => Promise.all([...keepers.values()].filter((keeper) => keeper.waits).map((keeper) => keeper.save()));

// For whoever goes or covers the page: what does not get through is tried again, for as long as they wait for it.
async function saveUntilSafe() {
  await saveAll();
  while (unsafe().length && !isOver()) {
    await sleep(TRY_AGAIN);
    await saveAll();
  }
}

// Also what was typed before this came.
export function watch() {
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const keeper = keeperOf(form);
    if (keeper.waits) keeper.typed();
  });
}

watch();
document.addEventListener("new-forms", watch);

// A page that is loaded anew may come before the last words that it sent itself: it is asked for once more.
const LOOKS_AGAIN = 1000;
const how = performance.getEntriesByType("navigation")[0]?.type;
if (how !== "navigate" && !history.state?.followed) setTimeout(() => lookAgain().catch(() => {}), LOOKS_AGAIN);

async function lookAgain() {
  const untouched = () => [...keepers.values()].filter((one) => !one.waits && !one.going && !one.isOver);
  if (!untouched().length) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const keeper of untouched()) {
    const fresh = [...page.forms].find((form) => form.getAttribute("action") === keeper.form.getAttribute("action"));
    if (!fresh?.matches("[data-keep]")) continue;
    if (fresh.dataset.keep !== keeper.form.dataset.keep) return anew();
    if (!keeper.itself && saidAtFirst(fresh) !== keeper.kept) keeper.takeUp(fresh);
  }
}

// A form that saved itself has a draft now, and looks otherwise.
function anew() {
  history.replaceState({ followed: true }, "");
  location.reload();
}

// --- when ---

document.addEventListener("input", (event) => {
  if (!event.isComposing) keeperOf(event.target.form)?.typed();
});
document.addEventListener("compositionend", (event) => keeperOf(event.target.form)?.typed());
document.addEventListener("change", (event) => {
  const keeper = keeperOf(event.target.form);
  if (keeper?.waits && /^(radio|checkbox|select-one)$/.test(event.target.type)) keeper.save();
});
document.addEventListener("focusout", (event) => {
  const keeper = keeperOf(event.target.form);
  if (keeper?.waits) keeper.save();
});
addEventListener("online", saveAll);
document.addEventListener("come-back", () => {
  leaving = false;
  saveAll();
});
addEventListener("pagehide", () => keepers.forEach((keeper) => keeper.last()));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) keepers.forEach((keeper) => (keeper.itself ? keeper.waits && keeper.save() : keeper.last()));
});
document.addEventListener("leaving", (event) => {
  leaving = true;
  event.detail.push(saveUntilSafe());
});
// While the line is down the page must not go: the browser asks. Leave goes at once, whatever there is.
addEventListener("beforeunload", (event) => {
  if (!leaving && [...keepers.values()].some((keeper) => keeper.waits && keeper.lineIsDown)) event.preventDefault();
});

// Nobody goes on to a page that does not know the words yet.
function hold(event, goOn) {
  const waiting = unsafe();
  if (!waiting.length || event.defaultPrevented) return;
  event.preventDefault();
  event.stopPropagation();
  Promise.race([Promise.all(waiting.map((keeper) => keeper.save())), sleep(3000)]).then(() => {
    const still = waiting.filter((keeper) => keeper.waits);
    still.forEach((keeper) => {
      keeper.letsGo = !keeper.lineIsDown;
      keeper.tell("unsaved");
    });
    if (!still.length) goOn();
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (isOver() || !link || link.origin !== location.origin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const stays = link.matches("[data-new-goal], [data-starts], [data-not-now]") && document.querySelector("#new-goal");
  if (!stays && link.href.split("#")[0] !== location.href.split("#")[0]) hold(event, () => location.assign(link.href));
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (isOver() || form.id === "leave" || plain.delete(form)) return;
  const keeper = keeperOf(form);
  const button = submitterOf(event);
  if (!keeper) return hold(event, () => plainly(form, button));
  const elsewhere = button?.hasAttribute("formaction");
  if (elsewhere && !button.formNoValidate) return hold(event, () => plainly(form, button));
  // Blank, or refused before: the page says it in full.
  if (keeper.itself && !keeper.waits && said(form) !== keeper.kept) return;
  event.preventDefault();
  event.stopPropagation();
  if (elsewhere) keeper.drop().then(() => plainly(form, button));
  else if (!keeper.itself) keeper.keep(button);
  else if (keeper.waits) keeper.save();
  else keeper.tell("saved");
}, true);
