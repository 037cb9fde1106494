// On a tablet: steps are sent so that no answer is left in the history or the session file, and an empty room clears the screen.
"use strict";
{
  const { next: NEXT, start: START } = document.currentScript.dataset;
  const AGAIN = 5000;
  const LAST_CALL = 30000;
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const posted = (form, headers, submitter) => {
    const body = new URLSearchParams(new FormData(form));
    if (submitter?.name) body.append(submitter.name, submitter.value);
    return fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
  };

  // What was typed stays on the screen, and is sent again, until the server has taken it.
  const step = async (form, submitter) => {
    for (;;) {
      const answer = await posted(form, {}, submitter).catch(() => null);
      if (answer?.type === "opaqueredirect") return location.replace(NEXT);
      if (answer && answer.status < 500 && answer.status !== 429) return location.replace(START);
      const stalled = document.getElementById("stalled");
      form.after(stalled);
      stalled.hidden = false;
      await sleep(AGAIN);
    }
  };
  for (const form of document.querySelectorAll("form[method=post]:not([data-stay])")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      step(form, event.submitter);
    });
  }

  // To fetch a person leaves the page, and what was typed on it, as it is.
  for (const form of document.querySelectorAll("form[data-stay]")) {
    const call = async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const answer = await posted(form, { "X-Stay": "1" }).catch(() => null);
      if (answer?.ok) form.querySelector("[role=status]").hidden = false;
    };
    form.addEventListener("submit", call, { capture: true });
  }

  // Nobody touched the page: ask, count down, clear. What the page showed goes first, whatever the network does.
  const dialog = document.getElementById("tablet-idle");
  if (dialog) {
    let wait = dialog.dataset.wait * 1000;
    let touched = Date.now();
    const touch = () => {
      if (!dialog.open) touched = Date.now();
    };
    for (const name of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) addEventListener(name, touch, { passive: true });
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    for (const button of dialog.querySelectorAll("button[data-wait]")) {
      button.addEventListener("click", () => {
        wait = button.dataset.wait * 1000;
        dialog.close();
        touched = Date.now();
      });
    }
    const clear = async () => {
      const form = document.getElementById("tablet-clear");
      const sending = posted(form, {});
      document.body.replaceChildren();
      await Promise.race([sending.catch(() => null), sleep(AGAIN)]);
      location.replace(START);
    };
    const ticking = setInterval(() => {
      const left = touched + wait + LAST_CALL - Date.now();
      if (left <= 0) {
        clearInterval(ticking);
        return clear();
      }
      if (left > LAST_CALL) return;
      dialog.querySelector(".clock span").textContent = Math.ceil(left / 1000);
      if (!dialog.open) dialog.showModal();
    }, 500);
  } else {
    // The start page keeps nothing that somebody typed and walked away from.
    let touched = Date.now();
    addEventListener("input", () => (touched = Date.now()));
    setInterval(() => {
      const typed = [...document.querySelectorAll(".tablet main input:not([type=hidden])")].some((box) => box.value);
      if (typed && Date.now() - touched > 90000) location.replace(START);
    }, 5000);
  }
}
