// Adds comfort only; every page works without it. An exclusive "none", focus on the errors, no second click, a size that stays.
"use strict";

// An error's link leads to the control and keeps its question in view.
const summary = document.querySelector(".errors");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const control = event.target.hash && document.getElementById(event.target.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    control.focus({ preventScroll: true });
    (control.closest("fieldset:not(.row), .field") ?? control).scrollIntoView();
  });
}

// How many places are marked on the body map; the part of the list with a place that is marked on the picture opens.
const count = document.getElementById("count");
if (count) {
  const form = count.closest("form");
  const tell = () => {
    count.firstElementChild.textContent = form.querySelectorAll(".list details :checked").length;
  };
  form.addEventListener("change", ({ target }) => {
    if (target.checked && target.closest(".pills")) target.closest("details").open = true;
    tell();
  });
  tell();
  count.hidden = false;
}

const printing = document.getElementById("print");
if (printing) {
  printing.hidden = false;
  printing.addEventListener("click", () => print());
}

// A link that is shown once: into the clipboard.
const copying = document.getElementById("copy");
if (copying && navigator.clipboard) {
  const link = document.getElementById("link");
  copying.hidden = false;
  copying.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.value);
    copying.textContent = link.dataset.copied;
  });
}

// "None of these" clears the other boxes of its list, and any other box clears it.
for (const list of document.querySelectorAll("[data-exclusive]")) {
  list.addEventListener("change", ({ target }) => {
    if (!target.checked) return;
    const alone = "alone" in target.dataset;
    for (const box of list.querySelectorAll("input[type=checkbox]")) {
      if (box !== target && (alone || "alone" in box.dataset)) box.checked = false;
    }
  });
}

// A tap on the only question of a page goes on, a moment later, so that the choice is seen. A finger, a pen or a mouse: no
// key, and not what a screen reader or a voice makes of a tap, which has no size or no pressure. Whatever is touched or
// pressed meanwhile stops it; a tap that was meant for the page before, or changes an answer, leaves the page as it is.
const MOMENT = 600;
const tapping = document.querySelector("[data-tap]");
if (tapping) {
  const form = tapping.closest("form");
  const opened = performance.now();
  let touched, going;
  const wait = () => {
    const waited = going;
    clearTimeout(going);
    going = touched = undefined;
    return waited;
  };
  const isReal = ({ isTrusted, isPrimary, button, width, height, pressure }) =>
    isTrusted && isPrimary && !button && width * height * pressure > 0;
  addEventListener("pointerdown", (event) => {
    const isOpen = wait() || (performance.now() - opened > MOMENT && !form.querySelector(":checked"));
    if (isOpen && isReal(event)) touched = event.target.closest(".choice:not(.unanswer)");
  });
  addEventListener("keydown", wait);
  form.addEventListener("click", ({ target, detail }) => {
    const choice = touched;
    if (!detail || !choice?.contains(target)) return;
    wait();
    going = setTimeout(() => choice.querySelector(":checked") && form.requestSubmit(), MOMENT);
  });
  tapping.hidden = false;
}

// A form is sent once. One that has led nowhere after a while says so and can be sent again: the server takes it once.
const PATIENCE = 8000;
const stalled = document.getElementById("stalled");
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    stalled.hidden = true;
    setTimeout(() => {
      delete form.dataset.sent;
      form.after(stalled);
      stalled.hidden = false;
    }, PATIENCE);
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// While an alarm of this patient is open: ask now and then whether somebody at the clinic has taken it.
const EVERY = 60000;
const MOST = 120;
const waiting = document.querySelector("[data-seen]");
if (waiting) {
  let asked = 0;
  const asking = setInterval(async () => {
    if (document.hidden) return;
    if (++asked > MOST) return clearInterval(asking);
    const answer = await fetch(waiting.dataset.seen, { redirect: "error" }).catch(() => null);
    if (answer?.status !== 200) return;
    clearInterval(asking);
    waiting.textContent = await answer.text();
  }, EVERY);
}

// What the tablets ask of the front desk, fetched again every few seconds while nobody is at its buttons.
const asked = document.querySelector("[data-fresh]");
if (asked) {
  setInterval(async () => {
    if (document.hidden || asked.contains(document.activeElement)) return;
    const answer = await fetch(asked.dataset.fresh, { redirect: "error" }).catch(() => null);
    if (answer?.status !== 200) return;
    const news = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (news.textContent !== asked.textContent) asked.replaceChildren(...news.childNodes);
  }, 4000);
}

const big = document.getElementById("big");
if (big) {
  big.addEventListener("change", () => {
    document.cookie = `big=${big.checked ? 1 : 0}; path=/; max-age=31536000; samesite=lax`;
  });
}
