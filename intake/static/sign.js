// A signature drawn with a finger, a pen or a mouse: pointer events into a path of whole numbers on a pad of 600 by 200.
"use strict";
for (const pad of document.querySelectorAll(".pad")) {
  const picture = pad.querySelector("svg");
  const path = picture.querySelector("path");
  const field = pad.querySelector("input");
  const LONGEST = 24000;
  let drawing = null;
  const limited = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  const point = (event) => {
    const box = picture.getBoundingClientRect();
    const x = limited(((event.clientX - box.left) / box.width) * 600, 600);
    const y = limited(((event.clientY - box.top) / box.height) * 200, 200);
    return `${x} ${y}`;
  };
  const add = (text) => {
    if (field.value.length + text.length > LONGEST) return;
    field.value += text;
    path.setAttribute("d", field.value);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (drawing !== null || !event.isPrimary) return;
    drawing = event.pointerId;
    picture.setPointerCapture(drawing);
    const start = point(event);
    add(`M${start}L${start}`);
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (event.pointerId === drawing) add(`L${point(event)}`);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    picture.addEventListener(end, (event) => {
      if (event.pointerId === drawing) drawing = null;
    });
  }
  pad.querySelector("button").addEventListener("click", () => {
    field.value = "";
    path.setAttribute("d", "");
  });
  pad.hidden = false;
}
