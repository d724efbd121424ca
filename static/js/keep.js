// The words of a goal are kept by themselves: when a box is left, and after a pause. It is the form's own save, with the
// version it was read at and one save id for one text, so that trying again is the same save. Without script the button
// does it; with script the button does it at once, on the page.
const PAUSE = 4000;
const AGAIN = [3000, 6000, 12000, 30000]; // when nothing comes back; then every half minute
const PATIENCE = 20000; // a line that is only half there is a dropped line
const NOT_WORDS = ["csrfmiddlewaretoken", "base_version", "save_id"];
const form = document.querySelector("form[data-keeps]");
const told = form?.querySelector("[data-told]");

let kept = form && said();
let sending = null; // what is on its way: its body and its words
let running = null;
let refused = null;
let timer = 0;
let tries = 0;
let lets_go = false; // a text that cannot be kept holds nobody back twice

function said() {
  const words = new FormData(form);
  NOT_WORDS.forEach((name) => words.delete(name));
  return new URLSearchParams(words).toString();
}

function waits() {
  const now = said();
  return Boolean(sending) || (now !== kept && now !== refused && form.elements.words.value.trim() !== "");
}

function save() {
  clearTimeout(timer);
  running ??= run().finally(() => { running = null; });
  return running;
}

async function run() {
  while (form.isConnected && waits()) {
    sending ??= { body: new URLSearchParams(new FormData(form)).toString(), words: said() };
    let answer, page;
    try {
      answer = await fetch(form.action, {
        method: "POST", body: sending.body, credentials: "same-origin", keepalive: sending.body.length < 60000,
        headers: { "Content-Type": "application/x-www-form-urlencoded" }, signal: AbortSignal.timeout?.(PATIENCE),
      });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status >= 500) throw new Error(answer.status);
    } catch {
      return tryAgain();
    }
    take(answer, page);
  }
}

function tryAgain() {
  tell(form.dataset.unsaved);
  timer = setTimeout(save, AGAIN[Math.min(tries, AGAIN.length - 1)]);
  tries += 1;
}

function take(answer, page) {
  const { words } = sending;
  const fresh = page.getElementById(form.id);
  sending = null;
  tries = 0;
  if (answer.status === 409) return void bothTexts(page);
  if (fresh) form.elements.save_id.value = fresh.elements.save_id.value;
  if (fresh && answer.ok && answer.redirected) {
    kept = words;
    form.elements.base_version.value = Number(form.elements.base_version.value) + 1;
    document.querySelector("[data-voice]")?.replaceChildren(...page.querySelector("[data-voice]").childNodes);
    return tell(texts(page, "#messages .note") || form.dataset.kept);
  }
  // Refused with a reason, or a page we do not know: then the button sends it the plain way.
  refused = words;
  tell(`${form.dataset.unsaved} ${fresh ? texts(fresh, ".err, .errors li p") : ""}`.trim());
}

function texts(place, selector) {
  return [...place.querySelectorAll(selector)].map((one) => one.textContent.trim()).join(" ");
}

function tell(words) {
  told.textContent = words;
}

// Someone else was faster: both texts, side by side, and what was typed since then goes with them.
function bothTexts(page) {
  const typed = new FormData(form);
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  const mine = [...document.forms].find((one) => one.action === form.action);
  for (const [name, words] of typed) {
    const box = mine?.elements[name];
    if (box && !NOT_WORDS.includes(name)) box.value = words;
  }
  document.getElementById("main").focus();
}

// --- when ---

if (form) {
  form.addEventListener("input", () => {
    lets_go = false;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("focusout", () => { if (waits()) save(); });
  form.addEventListener("submit", (event) => {
    if (said() !== kept && !waits()) return; // blank, or refused before: the page says it in full
    event.preventDefault();
    if (waits()) save();
    else tell(form.dataset.kept);
  });
  addEventListener("online", save);
  addEventListener("pagehide", save);
  document.addEventListener("leaving", (event) => { if (waits()) event.detail.push(save()); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
}

// Nobody goes on to a page that does not know the words yet.
function hold(event, goOn) {
  if (!form?.isConnected || !waits() || lets_go || event.defaultPrevented) return;
  event.preventDefault();
  event.stopPropagation();
  Promise.race([save(), new Promise((resolve) => setTimeout(resolve, 3000))]).then(() => {
    if (!form.isConnected) return;
    lets_go = waits();
    if (lets_go) tell(form.dataset.unsaved);
    else goOn();
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname !== location.pathname) hold(event, () => location.assign(link.href));
}, true);

document.addEventListener("submit", (event) => {
  const other = event.target;
  if (other === form || other.id === "leave") return;
  hold(event, () => other.requestSubmit(event.submitter));
}, true);
