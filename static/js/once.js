// A form that is on its way is not sent again by a second click: nothing is started twice.

const PATIENCE = 10_000; // ms, after which somebody who stopped the page may try again

let sentAt = new WeakMap();

// What htmx or the review page sends by itself has been taken by them before it comes here.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (event.timeStamp - (sentAt.get(form) ?? -Infinity) < PATIENCE) event.preventDefault();
  else sentAt.set(form, event.timeStamp);
});

// A page out of the browser's memory may be sent again.
addEventListener("pageshow", () => {
  sentAt = new WeakMap();
});
