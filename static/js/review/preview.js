// The corrected step as it will be read, set by the server while it is typed.

import { post } from "./post.js";

const PAUSE = 180; // ms

export class Preview {
  constructor(page) {
    this.address = page.root.dataset.preview;
    this.source = page.form.elements.correction;
    this.target = page.root.querySelector("#correction-preview");
    this.shown = "";
    this.asked = 0;
    this.show();
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), PAUSE);
  }

  async show() {
    const text = this.source.value;
    if (text === this.shown) return;
    this.shown = text;
    this.asked += 1;
    const mine = this.asked;
    if (!text.trim()) return this.target.replaceChildren();
    const answer = await post(this.address, new URLSearchParams({ correction: text }));
    // Answers may come back out of order; only the last question counts.
    if (mine === this.asked && answer.kind === "done") this.target.innerHTML = answer.content;
    if (answer.kind !== "done") this.shown = "";
  }
}
