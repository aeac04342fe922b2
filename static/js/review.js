// The review page by keyboard. The form works without this: here it gets its keys, saves what is
// typed, and goes on to the next item without loading a page.

/* global htmx, takeEarlyKeys */

import { catchUp } from "./review/keys.js";
import { Page } from "./review/page.js";

const HANDED_ON = "misstep-handed-on"; // what a reloaded page needs of the page before

let page = new Page(document.getElementById("item"), { replace, ...handedOn() });
catchUp(page, takeEarlyKeys());

// Replaces the item in view by another, or by the same one rendered again.
function replace(root, { same = false, back = "", notice = null, progress = null } = {}) {
  const before = same ? page : null;
  page.leave();
  page.root.replaceWith(root);
  htmx.process(root);
  page = new Page(root, { replace, before, back: before?.back ?? back, notice, progress });
  if (same) return;
  history.pushState(null, "", root.dataset.address);
  document.querySelectorAll("main > .notice").forEach((notice) => notice.remove());
  scrollTo(0, 0);
}

function handedOn() {
  const handed = JSON.parse(sessionStorage.getItem(HANDED_ON) ?? "{}");
  sessionStorage.removeItem(HANDED_ON);
  return handed;
}

// Back and forward among items: each has its own address.
addEventListener("popstate", () => location.reload());
// A page out of the browser's memory may show an item that is long done.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
