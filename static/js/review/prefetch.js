// The next item, fetched and held while this one is read, so that it is there at once.

import { post } from "./post.js";

export class Ahead {
  constructor(page) {
    this.page = page;
    this.address = page.root.dataset.ahead;
    this.html = "";
    if (this.address) this.timer = setTimeout(() => this.fetch(), 600);
    page.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  async fetch() {
    const body = new URLSearchParams({ reviewer: this.page.root.dataset.reviewer });
    const answer = await post(this.address, body);
    // No next one, or no answer: the submit will look again.
    if (answer.kind === "done" && answer.status === 200) this.html = answer.content;
  }

  // The page's element for `address`, if that is what was fetched.
  take(address) {
    if (!this.html) return null;
    const root = itemIn(this.html);
    return root?.dataset.address === address ? root : null;
  }
}

// The item's element out of a page or a part of one; null where there is none.
export function itemIn(html) {
  const root = new DOMParser().parseFromString(html, "text/html").getElementById("item");
  return root && document.adoptNode(root);
}
