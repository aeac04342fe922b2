// The correction belongs to the step it was written for: where another step becomes the first wrong
// one, its words are put by, and come back with it.

import { chosen } from "./fields.js";

export class Corrections {
  constructor(form) {
    this.form = form;
    this.field = form.elements.correction;
    this.kept = new Map();
    this.follow();
  }

  // The form was written over: its words are those of the step that it names.
  follow() {
    this.step = this.#named() ?? this.step;
  }

  // After a choice; true where the words changed.
  settle() {
    const step = this.#named();
    if (step === undefined || step === this.step) return false;
    const before = this.field.value;
    if (this.step !== undefined) {
      this.kept.set(this.step, before);
      this.field.value = this.kept.get(step) ?? "";
    }
    this.step = step;
    return this.field.value !== before;
  }

  #named() {
    const value = chosen(this.form);
    return value === "" || value === "-1" ? undefined : value;
  }
}
