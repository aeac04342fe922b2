// What the buttons of the page do: `data-act` names one of these.

import { chosen } from "./fields.js";

export const acts = {
  next: (page) => page.steps.move(page.steps.here + 1),
  previous: (page) => page.steps.move(page.steps.here - 1),
  nextDoubted: (page) => doubted(page, 1),
  previousDoubted: (page) => doubted(page, -1),
  errorHere,
  correct,
  nextSeverity,
  takeBack,
  redo: (page) => turn(page, page.undo.redo()) || page.bar.say("Nothing to redo."),
  toggleModels: (page) => page.opinions.toggle(),
  keys: (page) => page.panels.keys.showModal(),
  guidelines: (page) => page.panels.toggleGuidelines(),
  comment: (page) => page.panels.askComment(page.steps.here + 1),
};

function doubted(page, direction) {
  const to = page.opinions.doubted(direction);
  if (to === undefined) page.bar.say("No more low-score steps.");
  else page.steps.move(to);
}

function errorHere(page) {
  const input = page.steps.current.querySelector(".first-error");
  input.checked = true;
  page.rating.chosen(input);
  page.changed();
  page.steps.show();
}

function correct(page) {
  if (Number(chosen(page.form) || -1) < 0) errorHere(page);
  const wrong = Number(chosen(page.form));
  const field = page.form.elements.correction;
  if (!field.value) {
    field.value = page.steps.all[wrong].querySelector(".step-source").content.textContent;
    page.changed();
    page.preview.show();
  }
  page.steps.move(wrong, { focus: false });
  page.write(field);
}

function nextSeverity(page) {
  const choices = [...page.form.querySelectorAll("input[name=severity]")];
  const at = choices.findIndex((choice) => choice.checked);
  choices.forEach((choice, index) => (choice.checked = index === at + 1));
  page.changed();
}

// With nothing left to undo, back to the item just sent, where it can be changed.
function takeBack(page) {
  if (turn(page, page.undo.undo())) return;
  if (page.back && page.draft.isSaved) page.goTo(page.back);
  else page.bar.say("Nothing to undo.");
}

function turn(page, turned) {
  if (turned) page.refreshed();
  return turned;
}
