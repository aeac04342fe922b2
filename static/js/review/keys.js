// Keys press what carries them: `data-key="e"` on a button, a link or a choice. So the page itself
// is the table of keys, a click does the same, and no key can be lost to where the focus is.

const SWITCH = "misstep-keys";

// Fields in which a key is a letter.
const WRITING = "textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]";

export function listen(page, signal) {
  document.addEventListener("keydown", (event) => heard(page, event), { signal });
}

// Does what the keys of `events` ask for, pressed one after another before anybody listened: where
// one of them leads into a field, the later ones are letters of it.
export function catchUp(page, events) {
  for (const event of events) {
    const field = document.activeElement.closest(WRITING);
    if (!field || event.target === field) heard(page, event);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) type(field, event.key);
  }
}

function type(field, letter) {
  field.setRangeText(letter, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

export function keysAreOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function switchKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

function heard(page, event) {
  if (event.isComposing || event.defaultPrevented) return;
  const writing = event.target.closest?.(WRITING);
  if (writing) return inField(page, event, writing);
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "Enter" && !event.altKey && !event.repeat) act(page, event, "Enter");
    return;
  }
  if (document.querySelector("dialog:modal")) return inDialog(event);
  if (event.key === "Escape") return page.escape(event);
  if (!keysAreOn() && event.key.length === 1) return;
  if (own(event)) return;
  act(page, event, letter(event));
}

function inField(page, event, field) {
  if (event.key === "Escape") {
    event.preventDefault();
    field.closest("dialog")?.close();
    page.focusStep();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
    event.preventDefault();
    const send = field.closest("dialog")?.querySelector("[data-send]");
    if (send) send.click();
    else page.press("Enter");
  }
}

// A dialog closes by the key that opened it.
function inDialog(event) {
  const open = document.querySelector("dialog:modal");
  if (letter(event) === open.dataset.closes) {
    event.preventDefault();
    open.close();
  }
}

// Keys that mean something of their own where the focus is.
function own(event) {
  const { key, target } = event;
  if (key === "Enter" || key === " ") {
    return Boolean(target.closest("a[href], button, summary")) && target.matches(":focus-visible");
  }
  if (!key.startsWith("Arrow")) return false;
  return target.matches("input[type=radio]:focus-visible") || Boolean(target.closest("svg, dialog"));
}

const MOVES = new Set(["j", "k", "ArrowDown", "ArrowUp"]);

function act(page, event, key) {
  // A key held down moves on, and does nothing else twice.
  if (event.repeat && !MOVES.has(key)) {
    if (key === "Enter") event.preventDefault();
    return;
  }
  if (page.press(key)) event.preventDefault();
}

// The key's letter, whatever the layout: a Cyrillic or Greek keyboard still has the key under "j".
function letter(event) {
  if (event.key.length > 1 || /^[\x21-\x7e]$/.test(event.key)) {
    return event.getModifierState("CapsLock") && event.key.length === 1
      ? swapCase(event.key)
      : event.key;
  }
  const place = event.code.match(/^(?:Key|Digit)(.)$/)?.[1] ?? "";
  return event.shiftKey ? place : place.toLowerCase();
}

function swapCase(key) {
  return key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
}
