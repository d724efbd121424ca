import { tellOtherTabs } from "./cover.js";

// Leave: cover the page at once, end the session, and put a neutral site in this page's place in the history.
const PATIENCE = 1200; // how long the covered page waits for a save, and for the session to end, in milliseconds
let leaving = false;

const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE));

export async function leaveAtOnce() {
  const form = document.getElementById("leave");
  const neutral = form?.dataset.exit || document.querySelector("[data-exit]")?.dataset.exit;
  if (leaving || !neutral) return;
  leaving = true;
  tellOtherTabs();
  const first = []; // what was typed is sent before the session ends
  document.dispatchEvent(new CustomEvent("leaving", { detail: first }));
  document.documentElement.classList.add("gone");
  document.title = "…";
  globalThis.speechSynthesis?.cancel();
  if (first.length) await Promise.race([Promise.all(first), patience()]);
  if (form) {
    const ended = fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual",
    }).catch(() => {});
    await Promise.race([ended, patience()]);
  }
  location.replace(neutral);
}
