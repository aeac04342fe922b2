// What is decided and typed is on the server a moment later, and in this browser until it is.

import { decided, drawn, read, write } from "./fields.js";
import { post } from "./post.js";

const PAUSE = 400; // ms after the last change
const AGAIN = [1000, 2000, 4000, 5000]; // ms between tries while the server is silent
const LARGEST_LAST_WORD = 60_000; // bytes that a browser sends for a page that is being left

export class Draft {
  constructor(page) {
    this.page = page;
    this.form = page.form;
    this.address = page.root.dataset.draft;
    this.place = `misstep-draft/${page.root.dataset.reviewer}/${page.root.dataset.item}`;
    this.stored = decided(drawn(this.form));
    this.tries = 0;
    this.sending = null;
    this.stopped = false; // the server takes no more of it
    this.isDone = false;
  }

  // What this browser still holds of the item and the server does not: of an earlier page, and what
  // was typed on this one before its script came.
  restore() {
    const kept = JSON.parse(localStorage.getItem(this.place) ?? "null");
    if (kept?.said) kept.fields = kept.said; // kept before an upgrade that renamed it
    const isNews = kept && decided(kept.fields) !== this.stored;
    const isOfTheSame = kept?.version === this.form.elements.version.value && this.isSaved;
    if (isNews && isOfTheSame) return this.#take(kept);
    if (isNews) this.page.offerKept(kept, () => this.#take(kept));
    else this.forget();
    if (!this.isSaved) this.page.refreshed();
  }

  // Goes on where an earlier page of this browser ended, whose last save may be on its way still.
  #take(kept) {
    this.form.elements.after.value = kept.pages.join(" ");
    write(this.form, kept.fields);
    this.page.refreshed();
  }

  changed() {
    if (this.isDone) return;
    this.#keep();
    if (this.stopped) return;
    this.page.state("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  get isSaved() {
    return decided(read(this.form)) === this.stored;
  }

  async save({ last = false } = {}) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    if (this.sending && !last) await this.sending;
    if (this.isSaved) return this.page.state("saved");
    this.sending = this.#send(last);
    await this.sending;
    this.sending = null;
    if (this.tries === 0 && !this.isSaved && !last) await this.save();
  }

  async #send(last) {
    const fields = read(this.form);
    const body = this.page.body();
    const keepalive = last && new Blob([body]).size < LARGEST_LAST_WORD;
    const answer = await post(this.address, body, { keepalive });
    if (answer.kind === "done") return this.#accepted(fields, answer.content);
    if (answer.kind === "refused") return this.#refused(answer);
    this.page.state(answer.kind === "login" ? "login" : "unsaved");
    this.#again();
  }

  #accepted(fields, { version }) {
    this.tries = 0;
    this.stored = decided(fields);
    this.form.elements.version.value = version;
    if (this.isSaved) {
      this.forget();
      this.page.state("saved");
    }
  }

  #refused({ content }) {
    this.stopped = true;
    this.page.state("refused", content?.error);
  }

  #again() {
    const wait = AGAIN[Math.min(this.tries, AGAIN.length - 1)];
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // Waits for what is on its way, so that a submit and a draft don't cross.
  async settle() {
    clearTimeout(this.timer);
    await this.sending;
  }

  // Somebody came back to the tab, perhaps from logging in: no need to wait for the next try.
  hurry() {
    if (this.tries > 0) this.save();
  }

  // The page is being left.
  leave() {
    if (this.isDone || this.isSaved) return;
    this.#keep();
    this.save({ last: true });
  }

  // The review was accepted: nothing is left to keep.
  done() {
    this.isDone = true;
    this.stopped = true;
    clearTimeout(this.timer);
    this.forget();
  }

  #keep() {
    const kept = {
      fields: read(this.form),
      version: this.form.elements.version.value,
      pages: this.#pages(),
      at: Date.now(),
    };
    try {
      localStorage.setItem(this.place, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the server's copy remains, and the bar says when that is out of date.
    }
  }

  // This page's key and those it goes on from.
  #pages() {
    const { key, after } = this.form.elements;
    return [key.value, ...after.value.split(" ").filter(Boolean)].slice(0, 8);
  }

  forget() {
    localStorage.removeItem(this.place);
  }
}
