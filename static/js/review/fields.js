// The review's form as a plain object, {name: [values]}, and back.

const UNSAID = new Set(["csrfmiddlewaretoken", "key", "version", "based_on", "reviewer", "after"]);

export function read(form) {
  const said = {};
  for (const [name, value] of new FormData(form)) {
    if (!UNSAID.has(name) && value !== "") (said[name] ??= []).push(value);
  }
  return said;
}

// As `read`, of the form as the server drew it: what was typed since, before any script, is not in.
export function drawn(form) {
  const said = {};
  for (const input of form.elements) {
    if (!input.name || UNSAID.has(input.name) || isButton(input)) continue;
    const value = isChoice(input) ? input.defaultChecked && input.value : input.defaultValue;
    if (value) (said[input.name] ??= []).push(value);
  }
  return said;
}

export function write(form, said) {
  for (const input of form.elements) {
    if (!input.name || UNSAID.has(input.name)) continue;
    const values = said[input.name] ?? [];
    if (isChoice(input)) input.checked = values.includes(input.value);
    else if (!isButton(input)) input.value = values[0] ?? "";
  }
}

function isChoice(input) {
  return input.type === "radio" || input.type === "checkbox";
}

function isButton(input) {
  return input.type === "submit" || input.type === "button";
}

// What a person decided or wrote; the clock and what was looked at change by themselves.
export function decided(said) {
  const { seconds_spent, ...rest } = said;
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function chosen(form) {
  return form.querySelector("input[name=earliest_error]:checked")?.value ?? "";
}

export function check(form, name, value) {
  for (const input of form.querySelectorAll(`input[name="${CSS.escape(name)}"]`)) {
    input.checked = input.value === value;
  }
}
