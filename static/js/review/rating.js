// Where every step is rated: the first wrong one follows from the ratings.

import { check, chosen } from "./fields.js";

const RATING = "rating-";

export class Rating {
  constructor(form, steps) {
    this.form = form;
    this.steps = steps;
    this.isOn = Boolean(form.querySelector(".rating"));
    // Found once: a choice asks for those of every step.
    this.choices = steps.all.map(() => []);
    this.laters = [];
    for (const input of this.isOn ? form.elements : []) {
      if (input.name.startsWith(RATING)) {
        this.choices[Number(input.name.slice(RATING.length))].push(input);
      } else if (input.name === "self_corrected") {
        this.laters[Number(input.value)] = input;
      }
    }
  }

  of(index) {
    return this.choices[index].find((input) => input.checked)?.value ?? "";
  }

  give(index, value) {
    for (const input of this.choices[index]) input.checked = input.value === value;
    if (value !== "-1") this.laters[index].checked = false;
  }

  // After a choice of `input`. What is put right later was wrong; a first wrong step is wrong.
  chosen(input) {
    if (!this.isOn) return;
    const index = this.steps.all.indexOf(input.closest(".step"));
    if (input.name === "self_corrected") {
      if (input.checked) this.give(index, "-1");
      input.checked = this.of(index) === "-1" && input.checked;
    } else if (input.name === "earliest_error") {
      return input.value === "-1" ? this.#noError() : this.errorAt(index);
    } else if (this.of(index) !== "-1") {
      this.laters[index].checked = false;
    }
    this.#settle();
  }

  errorAt(index) {
    if (!this.isOn) return;
    for (let before = 0; before < index; before += 1) {
      if (this.of(before) === "" || this.of(before) === "-1") this.give(before, "1");
    }
    this.give(index, "-1");
    this.#settle();
  }

  #noError() {
    this.steps.all.forEach((_, index) => {
      if (this.of(index) === "" || this.of(index) === "-1") this.give(index, "1");
    });
    this.#settle();
  }

  // No error is only said of a trace whose every step is rated.
  #settle() {
    const ratings = this.steps.all.map((_, index) => this.of(index));
    const first = ratings.indexOf("-1");
    if (first >= 0) return check(this.form, "earliest_error", String(first));
    const whole = ratings.every((rating) => rating !== "");
    if (whole || chosen(this.form) !== "") check(this.form, "earliest_error", whole ? "-1" : "");
  }
}
