// The person's hold on the item: renewed while they are here, given back when they leave.

import { post } from "./post.js";

const AWAY = 10 * 60_000; // ms without a key, a click or a scroll: nobody is reading

export class Lease {
  constructor(page) {
    this.page = page;
    this.data = page.root.dataset;
    this.seen = Date.now();
    this.asking = null;
    this.lost = false;
    if (!this.data.lease) return;
    const every = (Number(this.data.leaseSeconds) * 1000) / 3;
    this.timer = setInterval(() => this.renew(), every);
    // Soon after a reload too, whose own leaving may reach the server after the page was drawn.
    this.first = setTimeout(() => this.renew(), 1500);
    const signal = page.signal;
    for (const name of ["keydown", "pointerdown", "scroll"]) {
      addEventListener(name, () => (this.seen = Date.now()), { signal, passive: true });
    }
    signal.addEventListener("abort", () => {
      clearInterval(this.timer);
      clearTimeout(this.first);
    });
  }

  get isAway() {
    return document.hidden || Date.now() - this.seen > AWAY;
  }

  async renew() {
    // What is being sent ends the hold: to ask for more of it would be refused.
    const { busy, isGoingOn } = this.page.sending;
    if (!this.data.lease || this.lost || this.isAway || busy || isGoingOn) return;
    const body = new URLSearchParams({ reviewer: this.data.reviewer });
    this.asking = new AbortController();
    const answer = await post(this.data.renew, body, { signal: this.asking.signal });
    if (answer.kind === "refused") {
      this.lost = true;
      this.page.state("lost", answer.content?.error);
    }
  }

  // A question on its way would be refused once the item is sent: nobody waits for the answer.
  hush() {
    this.asking?.abort();
  }

  leave() {
    if (!this.data.lease || this.lost) return;
    const body = new URLSearchParams({ reviewer: this.data.reviewer });
    post(this.data.leave, body, { keepalive: true });
  }
}
