// Submitting, skipping and the other ways to end an item; showing model verdicts; going on.

import { chosen } from "./fields.js";
import { itemIn } from "./prefetch.js";
import { post } from "./post.js";

const AGAIN = [500, 1000, 2000, 4000, 5000]; // ms between tries

export class Sending {
  constructor(page) {
    this.page = page;
    this.busy = false;
    this.isGoingOn = false;
  }

  async submitted(event) {
    event.preventDefault();
    const { page } = this;
    const button = event.submitter;
    const action = button?.name || "submit";
    if (this.busy || this.isGoingOn) return;
    if (action !== "finish" && chosen(page.form) === "") {
      page.state("missing", missing(page, action));
      return;
    }
    this.busy = true;
    page.state("sending");
    page.lease.hush();
    await page.draft.settle();
    const body = page.body({ [action]: button?.value ?? "1" });
    const answer = await this.#deliver(page.root.dataset.address, body);
    this.busy = false;
    if (answer) this.#answered(action, answer);
  }

  // Posts until the server answers. The form carries a key, so that an answer that was lost on the
  // way costs nothing: what is sent twice counts once.
  async #deliver(address, body) {
    for (let tries = 0; ; tries += 1) {
      const answer = await post(address, body);
      if (this.page.signal.aborted) return null;
      if (answer.kind === "done" || answer.kind === "refused") return answer;
      this.page.state(answer.kind === "login" ? "login" : "unsent");
      await this.#pause(AGAIN[Math.min(tries, AGAIN.length - 1)]);
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
      addEventListener("focus", resolve, { once: true });
      addEventListener("online", resolve, { once: true });
    });
  }

  // JSON says where to go on; a page is the same item drawn again: revealed, refused, in conflict.
  #answered(action, { kind, content }) {
    const { page } = this;
    const drawn = typeof content === "string" && itemIn(content);
    if (drawn) return page.replace(drawn, { same: true });
    if (kind === "refused") {
      page.state("refused", content?.error ?? "The server rejected this. Reload the page to see why.");
      return;
    }
    page.draft.done();
    this.isGoingOn = true;
    this.#goOn(content.next, {
      back: page.root.dataset.address,
      notice: content.notice,
      progress: content.progress,
    });
  }

  #goOn(address, handedOn) {
    const next = this.page.ahead.take(address);
    if (next) return this.page.replace(next, handedOn);
    sessionStorage.setItem("misstep-handed-on", JSON.stringify(handedOn));
    location.assign(address);
  }
}

function missing(page, action) {
  if (action === "reveal") return "Choose a verdict first to see model verdicts.";
  return page.rating.isOn
    ? "Rate every step first, or press e at the first wrong step."
    : "Choose a verdict first: e for the first wrong step, 0 for no error.";
}
