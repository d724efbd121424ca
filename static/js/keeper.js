// What keeps the words of one form: held on the server as a draft, or saved as they are; and its own button, which sends
// the form by script, so that a dropped line leaves the page where it is. When it does what stands in keep.js.
import { comeBack, isOver } from "./cover.js";

const PAUSE = 800; // after the last key
const AT_MOST = 3000; // while typing goes on
const AGAIN = [500, 1000, 2000, 4000, 8000]; // when nothing comes back
const PATIENCE = 20000; // a line that is only half there is a dropped line
const SLOW = 600; // what is saved within this is not told twice
const NOT_WORDS = ["csrfmiddlewaretoken", "base_version", "save_id", "draft_version", "prompt", "back_to"];

export const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
const encoded = (data) => new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));

// What a form says now; and what it said when it came, before anyone typed.
export function said(form) {
  const words = encoded(new FormData(form));
  NOT_WORDS.forEach((name) => words.delete(name));
  return words.toString();
}

export function saidAtFirst(form) {
  const words = new URLSearchParams();
  for (const box of form.elements) {
    if (!box.name || box.disabled || NOT_WORDS.includes(box.name) || box.type === "submit") continue;
    if (box.type === "radio" || box.type === "checkbox") {
      if (box.defaultChecked) words.append(box.name, box.value);
    } else if (box.options) {
      const chosen = [...box.options].find((option) => option.defaultSelected) ?? box.options[0];
      if (chosen) words.append(box.name, chosen.value);
    } else {
      words.append(box.name, box.defaultValue);
    }
  }
  return words.toString();
}

function newId() {
  const digit = (of) => (of ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (of / 4)))).toString(16);
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}

// The line is there, and the server cannot: then nobody is held back twice.
class Refusal extends Error {}

async function send(address, body, by = "words") {
  const answer = await fetch(address, {
    method: "POST", body: body.toString(), credentials: "same-origin", keepalive: body.toString().length < 60000,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-By-Script": by },
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  if (answer.status >= 500) throw new Refusal(answer.status);
  return answer;
}

export class Keeper {
  kept; // what is safe: as it came, or as it was held or saved last
  refused = null; // a text that cannot be kept is not sent again and again
  sending = null; // what is on its way: where to, its body, its words
  running = null;
  going = false; // its button was tapped, and the answer has not come yet
  timer = 0;
  since = 0; // when the first key was typed that is not safe yet
  tries = 0;
  lineIsDown = false;
  isOver = false; // its form gave way to another page
  letsGo = false; // what cannot be kept holds nobody back twice

  constructor(form) {
    this.form = form;
    this.itself = form.dataset.keep === "itself";
    this.kept = saidAtFirst(form);
    const id = form.elements.save_id;
    if (id && !id.value) id.value = newId();
    // What the server holds goes into the box, and no older text that the browser remembers for Back.
    form.querySelectorAll("textarea").forEach((box) => { box.autocomplete = "off"; });
  }

  get place() {
    return this.form.querySelector("[data-told]");
  }

  setDraftVersion(version = 0) {
    const box = this.form.elements.draft_version;
    if (box) box.value = version;
  }

  tell(state, more = "") {
    clearTimeout(this.telling);
    const place = this.place;
    if (!place) return;
    const words = `${place.dataset[!this.itself && state === "saved" ? "held" : state] ?? ""} ${more}`.trim();
    if (place.textContent !== words) place.textContent = words;
  }

  get waits() {
    if (this.isOver) return false;
    const now = said(this.form);
    if (this.sending) return true;
    if (now === this.kept || now === this.refused) return false;
    return !this.itself || !this.form.elements.words || this.form.elements.words.value.trim() !== "";
  }

  typed() {
    this.letsGo = false;
    this.since ||= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + AT_MOST - Date.now())));
  }

  save() {
    clearTimeout(this.timer);
    if (this.going || this.isOver) return Promise.resolve();
    this.running ??= this.run().finally(() => { this.running = null; });
    return this.running;
  }

  async run() {
    while (this.waits && !this.going && !isOver()) {
      this.since = 0;
      this.sending ??= this.next();
      this.telling = setTimeout(() => this.tell("saving"), this.tries ? 0 : SLOW);
      try {
        const answer = await send(this.sending.address, this.sending.body);
        if (answer.status === 403) {
          if (!(await this.comesBack())) return;
        } else if (this.itself) await this.savedItself(answer);
        else await this.held(answer);
        this.tries = 0;
        this.lineIsDown = false;
      } catch (problem) {
        this.lineIsDown = !(problem instanceof Refusal);
        return this.tryAgain();
      }
    }
  }

  // The page goes while a text is on its way: what was typed since then is sent behind it.
  last() {
    if (!this.waits || this.going || this.isOver) return;
    if (!this.sending || said(this.form) === this.sending.words) return this.save();
    const { address, body } = this.next();
    const version = this.itself ? "base_version" : "draft_version";
    if (body.has(version)) body.set(version, Number(body.get(version)) + 1);
    if (this.itself) body.set("save_id", newId());
    send(address, body).catch(() => {});
  }

  next() {
    const body = encoded(new FormData(this.form));
    const words = said(this.form);
    if (this.itself) return { address: this.form.action, body, words };
    const address = this.form.dataset.draft || this.form.action.replace(/(\/plans\/[^/]+\/)/, "$1drafts/");
    return { address, body, words };
  }

  tryAgain() {
    this.tell("unsaved");
    this.timer = setTimeout(() => this.save(), AGAIN[Math.min(this.tries, AGAIN.length - 1)]);
    this.tries += 1;
  }

  // The session is over, or the form is too old: the same user comes back with a new token, and it is sent again.
  async comesBack() {
    this.tell("unsaved");
    if (this.cameBack) throw new Error("still refused");
    this.cameBack = true;
    setTimeout(() => { this.cameBack = false; }, 2000);
    const token = await comeBack();
    if (token) this.sending.body.set("csrfmiddlewaretoken", token);
    return Boolean(token);
  }

  // Only an answer that names our own save id is believed.
  async held(answer) {
    const { words, body } = this.sending;
    if (answer.status === 404) return this.refuse(words);
    const there = await answer.json();
    if (answer.status === 422) return this.refuse(words, there.error);
    if (there.asked !== body.get("save_id")) throw new Error("not our answer");
    this.sending = null;
    this.kept = words;
    this.setDraftVersion(there.version);
    const two = there.save_id !== there.asked;
    this.form.elements.save_id.value = there.save_id;
    if (two) this.two = true;
    this.tell(this.two ? "two" : "saved");
  }

  async savedItself(answer) {
    const { words } = this.sending;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(this.form.id);
    this.sending = null;
    if (answer.status === 409) return void this.bothTexts(page);
    if (fresh?.elements.save_id) this.form.elements.save_id.value = fresh.elements.save_id.value;
    // Refused with a reason, or a page we do not know: then the button sends it the plain way.
    if (!fresh || !answer.ok || !answer.redirected) return this.refuse(words, fresh ? texts(fresh, ".err, .errors li p") : "");
    this.kept = words;
    const version = this.form.elements.base_version;
    if (version) version.value = Number(version.value) + 1;
    const voice = page.querySelector("[data-voice]");
    if (version && voice) document.querySelector("[data-voice]")?.replaceChildren(...voice.childNodes);
    this.tell("saved");
    for (const part of this.form.querySelectorAll("[data-fresh]")) {
      const there = page.getElementById(part.id);
      if (there) part.replaceChildren(...there.childNodes);
    }
    const message = texts(page, "#messages .note, #told p");
    if (message && this.place) this.place.textContent = message;
  }

  refuse(words, reason = "") {
    this.sending = null;
    this.refused = words;
    this.tell("unsaved", reason);
  }

  // Someone else was faster: both texts, side by side, and what was typed since then goes with them.
  bothTexts(page) {
    const typed = new FormData(this.form);
    this.isOver = true;
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    const mine = [...document.forms].find((one) => one.action === this.form.action);
    for (const [name, words] of typed) {
      const box = mine?.elements[name];
      if (box && !NOT_WORDS.includes(name)) box.value = words;
    }
    document.dispatchEvent(new CustomEvent("new-forms"));
    document.getElementById("main").focus();
  }

  // Its own button: the same form, sent by script. The page stays until the words are where they belong.
  async keep(button) {
    if (this.going) return this.tell("saving");
    this.going = true;
    clearTimeout(this.timer);
    button?.setAttribute("aria-busy", "true");
    this.tell("saving");
    await this.running;
    clearTimeout(this.timer);
    const words = said(this.form);
    const body = encoded(new FormData(this.form));
    if (button?.name) body.append(button.name, button.value); // FormData takes no button before Safari 16.4
    if (this.sending) body.delete("draft_version"); // nobody knows whether it is held: it is to be looked for
    this.sending = null;
    for (this.tries = 0; ; this.tries += 1) {
      this.tell(this.tries ? "unsaved" : "saving");
      try {
        const answer = await send(this.form.action, body, "next");
        if (answer.status === 403) {
          this.sending = { body };
          const back = await this.comesBack();
          this.sending = null;
          if (!back) return this.done(button);
          continue;
        }
        const there = answer.headers.get("X-Go-On");
        if (there) return this.goOn(there, words, body);
        this.done(button);
        return plainly(this.form, button); // a page that says what to mend
      } catch {
        this.tell("unsaved");
        await sleep(AGAIN[Math.min(this.tries, AGAIN.length - 1)]);
      }
    }
  }

  // Kept. What was typed while the answer was on its way is the beginning of the next text.
  async goOn(there, words, body) {
    this.going = false;
    this.kept = words;
    if (said(this.form) !== words) {
      this.beginNext(body);
      await Promise.race([this.save(), sleep(3000)]);
    }
    this.kept = said(this.form);
    follow(there);
  }

  beginNext(body) {
    const version = this.form.elements.base_version;
    if (version) version.value = Number(version.value) + 1;
    else for (const box of this.form.querySelectorAll("textarea, input[type=text], input[type=tel]")) {
      const was = body.get(box.name);
      if (was && box.value.startsWith(was)) box.value = box.value.slice(was.length).trimStart();
    }
    this.form.elements.save_id.value = newId();
    this.setDraftVersion(0);
  }

  // What the server holds of this box, put into it.
  takeUp(fresh) {
    for (const there of fresh.elements) {
      if (!there.name || there.name === "csrfmiddlewaretoken" || there.type === "submit") continue;
      const ticked = /radio|checkbox/.test(there.type);
      const box = [...this.form.elements].find((one) => one.name === there.name && (!ticked || one.value === there.value));
      if (box && ticked) box.checked = there.checked;
      else if (box) box.value = there.value;
    }
    this.setDraftVersion(fresh.elements.draft_version?.value);
    this.kept = said(this.form);
    this.tell("saved");
  }

  // The words are to go: nothing that is on its way brings them back.
  drop() {
    clearTimeout(this.timer);
    this.going = true;
    return this.running ?? Promise.resolve();
  }

  done(button) {
    this.going = false;
    button?.removeAttribute("aria-busy");
  }
}

function texts(place, selector) {
  return [...place.querySelectorAll(selector)].map((one) => one.textContent.trim()).join(" ");
}

// The page that follows; where it is the one we are on, at the place where we are.
function follow(address) {
  const there = new URL(address, location.href);
  if (there.pathname !== location.pathname) return location.assign(there);
  history.replaceState({ followed: true }, "", there);
  location.reload(); // and the place on it is kept
}

export const plain = new WeakSet(); // forms that go the browser's own way

export function plainly(form, button) {
  // Not while the browser is still telling of the first tap: it would pass over the second.
  setTimeout(() => {
    plain.add(form);
    delete form.dataset.sent;
    const by = button?.isConnected ? button : undefined;
    if (form.requestSubmit) form.requestSubmit(by);
    else (by ?? form.querySelector("[type=submit]"))?.click(); // Safari before 16
  });
}

// Safari before 15.4 does not say which button sent a form: then it is the one that was tapped last.
let tapped = null;
document.addEventListener("click", ({ target }) => {
  tapped = target.closest?.("button, [type=submit]") ?? null;
  setTimeout(() => { tapped = null; });
}, true);
export const submitterOf = (event) => event.submitter ?? (tapped?.form === event.target ? tapped : null);
