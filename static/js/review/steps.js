// The step in view: moving it, and the steps before and after the first wrong one.

import { chosen } from "./fields.js";

export class Steps {
  constructor(form, moved) {
    this.form = form;
    this.moved = moved;
    this.all = [...form.querySelectorAll(".step")];
    this.finding = form.querySelector("#finding");
    this.here = -1;
    this.place = null;
  }

  get current() {
    return this.all[this.here];
  }

  move(to, { scroll = true, focus = true } = {}) {
    const next = Math.min(Math.max(to, 0), this.all.length - 1);
    if (next !== this.here) {
      this.current?.classList.remove("here");
      this.current?.removeAttribute("aria-current");
      this.here = next;
      this.current.classList.add("here");
      this.current.setAttribute("aria-current", "step");
      this.moved(next);
    }
    if (focus) this.focus();
    if (scroll) this.show();
  }

  focus() {
    this.current.focus({ preventScroll: true });
  }

  // In view, below the header and above the bar; a step taller than the window, from its beginning.
  // At once: a reader with the key held down must not wait for a motion.
  show() {
    const tall = this.current.getBoundingClientRect().height > innerHeight - 220;
    this.current.scrollIntoView({
      block: tall ? "start" : "nearest",
      behavior: "instant",
    });
  }

  // Puts the finding into the chosen step, and colours the steps around it.
  settle() {
    const value = chosen(this.form);
    const at = value === "" || value === "-1" ? -1 : Number(value);
    if (at === this.place) return;
    this.place = at;
    this.all.forEach((step, index) => {
      step.classList.toggle("before", at > index);
      step.classList.toggle("error", at === index);
      step.classList.toggle("after", at >= 0 && at < index);
    });
    if (at >= 0 && this.finding) this.all[at].querySelector(".step-body").append(this.finding);
  }
}
