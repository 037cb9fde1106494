// Adds comfort only; every page works without it. An exclusive "none", focus on the errors, no second click, a size that stays.
"use strict";

const summary = document.querySelector(".errors");
if (summary) summary.focus();

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

// A form is sent once; coming back to the page makes it ready again.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const big = document.getElementById("big");
if (big) {
  big.addEventListener("change", () => {
    document.cookie = `big=${big.checked ? 1 : 0}; path=/; max-age=31536000; samesite=lax`;
  });
}
