// The review's form as a plain object, {name: [values]}, and back.

const NOT_REVIEW = new Set(["csrfmiddlewaretoken", "key", "version", "based_on", "reviewer", "after"]);

export function read(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_REVIEW.has(name) && value !== "") (fields[name] ??= []).push(value);
  }
  return fields;
}

// As `read`, of the form as the server drew it: what was typed since, before any script, is not in.
export function drawn(form) {
  const fields = {};
  for (const input of form.elements) {
    if (!input.name || NOT_REVIEW.has(input.name) || isButton(input)) continue;
    const value = isChoice(input) ? input.defaultChecked && input.value : input.defaultValue;
    if (value) (fields[input.name] ??= []).push(value);
  }
  return fields;
}

export function write(form, fields) {
  for (const input of form.elements) {
    if (!input.name || NOT_REVIEW.has(input.name)) continue;
    const values = fields[input.name] ?? [];
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
export function decided(fields) {
  const { seconds_spent, ...rest } = fields;
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
