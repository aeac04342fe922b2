// The review page by keyboard. The form works without this; here it gets its keys, the finding moves
// into the step it is about, and undo remembers.

const form = document.getElementById("review");
const steps = [...form.querySelectorAll(".step")];
const finding = document.getElementById("finding");
const correction = document.getElementById("correction");
const note = document.getElementById("note");
const keysDialog = document.querySelector("dialog.keys");
const toggle = form.querySelector(".models-toggle");
const opened = Date.now();
const undone = [];
// Whose draft: a person's, of a trace, on a revision.
const draft = `${form.dataset.draft}/${form.elements.based_on.value}`;
const unkept = new Set(["csrfmiddlewaretoken", "based_on", "seconds_spent"]);
let here = Math.max(0, steps.findIndex((step) => step.querySelector(".first-error").checked));
let sending = false;

function choice() {
  return form.querySelector("input[name=earliest_error]:checked");
}

function errorType() {
  return form.querySelector("input[name=error_type]:checked");
}

function state() {
  return {
    choice: choice()?.value ?? "",
    errorType: errorType()?.value ?? "",
    correction: correction.value,
  };
}

function remember() {
  undone.push(state());
}

function check(name, value) {
  for (const input of form.querySelectorAll(`input[name=${name}]`)) {
    input.checked = input.value === value;
  }
}

function undo() {
  const last = undone.pop();
  if (!last) return;
  // Undo is about choices: what was typed for the step in view since then stays.
  if (last.choice !== (choice()?.value ?? "")) correction.value = last.correction;
  check("earliest_error", last.choice);
  check("error_type", last.errorType);
  settle();
}

function move(to, { scroll = true } = {}) {
  here = Math.min(Math.max(to, 0), steps.length - 1);
  steps.forEach((step, index) => {
    step.classList.toggle("here", index === here);
    if (index === here) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
  if (!scroll) return;
  steps[here].focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  steps[here].scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

// What is not stored yet is kept in this tab: a login that ended must not cost a review. A draft
// stands for the revision it was begun on, so a stored one is never shown again.
function keep() {
  const fields = [...new FormData(form)].filter(([name]) => !unkept.has(name));
  sessionStorage.setItem("review", JSON.stringify({ draft, fields: Object.fromEntries(fields) }));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem("review") ?? "null");
  if (kept?.draft !== draft) return;
  const { earliest_error = "", error_type = "", ...texts } = kept.fields;
  check("earliest_error", earliest_error);
  check("error_type", error_type);
  for (const [name, text] of Object.entries(texts)) form.elements[name].value = text;
  here = Math.max(0, Number(earliest_error));
}

// Put the finding into the chosen step.
function settle() {
  const chosen = choice();
  if (chosen && chosen.value !== "-1") {
    const body = steps[Number(chosen.value)].querySelector(".step-body");
    if (finding.parentElement !== body) body.append(finding);
  }
  preview();
}

function preview() {
  correction.dispatchEvent(new Event("preview"));
}

function markError(index) {
  remember();
  check("earliest_error", String(index));
  move(index, { scroll: false });
  settle();
}

function markNoError() {
  remember();
  check("earliest_error", "-1");
  settle();
}

function markType(key) {
  const wanted = form.querySelector(`input[name=error_type][data-key="${CSS.escape(key)}"]`);
  if (!wanted || !choice() || choice().value === "-1") return false;
  remember();
  check("error_type", wanted.checked ? "" : wanted.value);
  return true;
}

function correct() {
  if (!choice() || choice().value === "-1") markError(here);
  if (!correction.value) {
    const chosen = steps[Number(choice().value)];
    correction.value = chosen.querySelector(".step-source").content.textContent;
    preview();
  }
  correction.focus();
}

function showModels() {
  if (!toggle) return;
  const shown = toggle.getAttribute("aria-expanded") === "true";
  toggle.setAttribute("aria-expanded", String(!shown));
  toggle.firstChild.textContent = `${shown ? "show" : "hide"} what models said `;
  for (const part of form.querySelectorAll("#steps, .models-said")) {
    part.classList.toggle("models-hidden", shown);
  }
  form.elements.models_shown.value = "on";
  if (!choice()) form.elements.models_shown_before.value = "on";
}

function submit() {
  form.requestSubmit();
}

const keys = {
  j: () => move(here + 1),
  k: () => move(here - 1),
  ArrowDown: () => move(here + 1),
  ArrowUp: () => move(here - 1),
  e: () => markError(here),
  0: markNoError,
  c: correct,
  n: () => note.focus(),
  m: showModels,
  u: undo,
  s: () => form.querySelector(".skip").click(),
  Enter: submit,
  "?": () => keysDialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (keysDialog.open || event.isComposing) return;
  const writing = event.target.matches("textarea, select, input:not([type=radio])");
  if (writing) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Enter on a link or a button does what that link or button does.
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  // Arrows go through the kinds of error where one of them has the focus.
  if (event.key.startsWith("Arrow") && event.target.name === "error_type") return;
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (markType(event.key)) {
    event.preventDefault();
  }
});

steps.forEach((step, index) => {
  step.addEventListener("click", () => move(index, { scroll: false }));
  step.querySelector(".step-text").addEventListener("dblclick", () => markError(index));
});
form.addEventListener("change", (event) => {
  if (event.target.name === "earliest_error") settle();
});
toggle?.addEventListener("click", showModels);
form.querySelector(".keys-open").addEventListener("click", () => keysDialog.showModal());
form.addEventListener("submit", (event) => {
  if (sending) event.preventDefault();
  sending = true;
  form.elements.seconds_spent.value = String(Math.round((Date.now() - opened) / 1000));
});
// Back from the next page: the form may be sent again.
addEventListener("pageshow", () => {
  sending = false;
});

addEventListener("pagehide", keep);

restore();
move(here, { scroll: false });
settle();
