// Undo and redo of everything on the form: each entry is the whole form as it stood.

import { decided, read, write } from "./fields.js";

const PAUSE = 1500; // ms; what is typed without a pause as long is undone at once

export class Undo {
  // `before` is the undo of the same item before the server drew it again.
  constructor(form, before = null) {
    this.form = form;
    this.past = before?.past ?? [];
    this.future = before?.future ?? [];
    this.now = read(form);
    this.typing = "";
    this.at = 0;
  }

  // To be called after every change; `typing` names the text field that was typed into.
  changed(typing = "") {
    const next = read(this.form);
    if (decided(next) === decided(this.now)) return false;
    const on = typing && typing === this.typing && Date.now() - this.at < PAUSE;
    if (!on) this.past.push(this.now);
    this.future = [];
    this.now = next;
    this.typing = typing;
    this.at = Date.now();
    return true;
  }

  undo() {
    return this.#step(this.past, this.future);
  }

  redo() {
    return this.#step(this.future, this.past);
  }

  #step(from, to) {
    const fields = from.pop();
    if (!fields) return false;
    to.push(this.now);
    // The clock runs on, whatever is undone.
    fields.seconds_spent = this.now.seconds_spent;
    write(this.form, fields);
    this.now = fields;
    this.typing = "";
    return true;
  }
}
