// One item on the page: its parts, and what happens between them.

import { acts } from "./actions.js";
import { Ahead } from "./prefetch.js";
import { Bar } from "./bar.js";
import { Clock } from "./clock.js";
import { Corrections } from "./corrections.js";
import { Draft } from "./draft.js";
import { chosen } from "./fields.js";
import { listen } from "./keys.js";
import { Lease } from "./lease.js";
import { Opinions } from "./model-verdicts.js";
import { Panels } from "./panels.js";
import { Preview } from "./preview.js";
import { Rating } from "./rating.js";
import { Sending } from "./submit.js";
import { Steps } from "./steps.js";
import { Undo } from "./undo.js";

const TEXT_FIELDS = "textarea, input:not([type=radio]):not([type=checkbox])";

export class Page {
  // `before` is the same item's page before the server drew it again; `back` the address of the
  // item just sent, `notice` and `progress` what the server answered to it.
  constructor(root, { replace, before = null, back = "", notice = null, progress = null }) {
    this.root = root;
    this.replace = replace;
    this.back = back;
    this.end = new AbortController();
    this.signal = this.end.signal;
    this.form = root.querySelector("#review");
    this.bar = new Bar(root);
    this.steps = new Steps(this.form, (index) => this.opinions?.moved(index));
    this.rating = new Rating(this.form, this.steps);
    this.clock = new Clock(this.form.elements.seconds_spent, this.signal);
    this.draft = new Draft(this);
    this.corrections = new Corrections(this.form);
    this.preview = new Preview(this);
    this.opinions = new Opinions(this);
    this.panels = new Panels(this);
    this.lease = new Lease(this);
    this.ahead = before?.ahead ?? new Ahead(this);
    this.sending = new Sending(this);
    this.#begin(before);
    this.#listen();
    if (progress) this.bar.progress(progress);
    if (notice) this.bar.show(notice);
  }

  #begin(before) {
    this.undo = new Undo(this.form, before?.undo);
    if (this.form.elements.version.value !== "0") this.state("saved");
    this.draft.restore();
    this.steps.settle();
    const at = Math.max(0, Number(chosen(this.form)));
    this.steps.move(before?.steps.here ?? at, { scroll: !before && at > 0 });
  }

  // The server drew the item again, or another takes its place.
  leave() {
    this.end.abort();
  }

  // --- What the parts ask of the page -----------------------------------------------------------

  state(kind, text) {
    this.bar.state(kind, text);
  }

  body(extra = {}) {
    this.clock.write();
    return new URLSearchParams([...new FormData(this.form), ...Object.entries(extra)]);
  }

  focusStep() {
    this.steps.focus();
  }

  write(field) {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    field.scrollIntoView({ block: "nearest" });
  }

  goTo(address) {
    this.draft.leave();
    location.assign(address);
  }

  // This browser holds other words than the server: the person chooses.
  offerKept(kept, take) {
    const when = new Date(kept.at).toLocaleString();
    this.bar.ask(`This browser has an unsaved draft from ${when}.`, {
      "Restore draft": take,
      "Discard draft": () => this.draft.forget(),
    });
  }

  // The form was written over from elsewhere: by undo, or by a draft that this browser had kept.
  refreshed() {
    this.corrections.follow();
    this.preview.show();
    this.changed();
  }

  changed(typing = "") {
    if (this.corrections.settle()) this.preview.show();
    this.undo.changed(typing);
    this.steps.settle();
    this.draft.changed();
  }

  // A word to the lead has arrived.
  showComment({ step, text }) {
    const comment = document.createElement("p");
    comment.className = "step-comment";
    comment.textContent = `Your comment for the lead: ${text}`;
    this.steps.all[step]?.querySelector(".step-body").append(comment);
    this.bar.say("Comment sent.");
  }

  // --- Keys and clicks --------------------------------------------------------------------------

  // Presses what carries the key, first in the step in view; false if nothing does.
  press(key) {
    const moves = { ArrowDown: "j", ArrowUp: "k" };
    const named = `[data-key="${CSS.escape(moves[key] ?? key)}"]`;
    const here = this.steps.current?.querySelector(named);
    const found = here ?? [...this.root.querySelectorAll(named)].find(isThere);
    if (!found || found.disabled) return false;
    if (found.matches("textarea")) this.write(found);
    else if (found.matches("input")) this.#choose(found);
    else found.click();
    return true;
  }

  // A choice that may also be none is taken back by choosing it again.
  #choose(input) {
    const free = input.type === "checkbox" || "optional" in input.dataset;
    input.checked = free ? !input.checked : true;
    this.#chose(input);
    const rated = input.name.startsWith("rating-") && input.checked;
    if (rated) this.steps.move(this.steps.here + 1);
  }

  #chose(input) {
    this.rating.chosen(input);
    this.changed();
  }

  escape(event) {
    event.preventDefault();
    this.root.querySelector("details.endings[open]")?.removeAttribute("open");
    if (!this.panels.closeDrawer()) this.focusStep();
  }

  #listen() {
    listen(this, this.signal);
    const on = (target, name, does) => target.addEventListener(name, does, { signal: this.signal });
    on(this.root, "click", (event) => this.#clicked(event));
    on(this.form, "change", (event) => this.#chose(event.target));
    on(this.form, "input", (event) => this.#typed(event.target));
    on(this.form, "submit", (event) => this.sending.submitted(event));
    on(window, "pagehide", () => this.#left());
    on(window, "focus", () => this.#returned());
    on(document, "visibilitychange", () => (document.hidden ? this.draft.leave() : this.#returned()));
  }

  #clicked(event) {
    const { target } = event;
    const button = target.closest("[data-act]");
    if (button) acts[button.dataset.act](this);
    const step = target.closest(".step");
    if (step) this.steps.move(this.steps.all.indexOf(step), { scroll: false, focus: false });
    // After a click by hand the keys go on from the step: Enter must not press the button again.
    const away = target.closest(`dialog, a, ${TEXT_FIELDS}`) || getSelection().type === "Range";
    if (event.detail > 0 && !away && !document.querySelector("dialog:modal")) this.focusStep();
  }

  #typed(field) {
    if (!field.matches(TEXT_FIELDS)) return;
    if (field.name === "correction") this.preview.typed();
    this.changed(field.name);
  }

  #left() {
    this.draft.leave();
    if (!this.sending.isGoingOn) this.lease.leave();
  }

  #returned() {
    this.draft.hurry();
    this.lease.renew();
  }
}

function isThere(element) {
  return "anywhere" in element.dataset || element.checkVisibility();
}
