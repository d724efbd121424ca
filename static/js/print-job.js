// A print job's page, kept current: the same page is asked again every two seconds until the job is done.
// Without script there is "Look again".
const EVERY = 2000;
const GIVES_UP_AFTER = 10 * 60 * 1000;
const began = Date.now();

function works() {
  return ["waiting", "printing"].includes(document.getElementById("job")?.dataset.state);
}

async function look() {
  if (!works() || Date.now() - began > GIVES_UP_AFTER) return;
  if (!document.hidden) await show().catch(() => {});
  setTimeout(look, EVERY);
}

async function show() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("job");
  const job = document.getElementById("job");
  if (!fresh || fresh.innerHTML === job.innerHTML) return;
  const focused = job.contains(document.activeElement);
  job.replaceWith(document.adoptNode(fresh));
  const now = document.getElementById("job");
  // Said quietly to those who do not see the page change; the place they were at is not taken away.
  document.getElementById("job-says").textContent = now.querySelector("h2").textContent;
  if (focused) {
    now.tabIndex = -1;
    now.focus({ preventScroll: true });
  }
}

setTimeout(look, EVERY);
