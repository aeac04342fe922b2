// The keys, the guidelines, a word to the lead.

import { keysAreOn, switchKeys } from "./keys.js";
import { post } from "./post.js";

export class Panels {
  constructor(page) {
    this.page = page;
    this.keys = page.root.querySelector("#keys");
    this.guidelines = page.root.querySelector("#guidelines");
    this.comment = page.root.querySelector("#comment");
    const keysOn = this.keys.querySelector("#keys-on");
    keysOn.checked = keysAreOn();
    keysOn.addEventListener("change", () => switchKeys(keysOn.checked));
    this.comment.querySelector("#comment-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(event.target);
    });
    for (const dialog of page.root.querySelectorAll("dialog")) {
      dialog.addEventListener("close", () => page.focusStep());
    }
  }

  // Next to the trace and not over it: people read both.
  toggleGuidelines() {
    if (this.guidelines.open) this.guidelines.close();
    else this.guidelines.show();
    this.page.steps.show();
  }

  closeDrawer() {
    if (!this.guidelines.open) return false;
    this.guidelines.close();
    return true;
  }

  askComment(number) {
    this.comment.querySelector(".comment-step").textContent = number;
    this.comment.querySelector("#comment-where").value = number;
    this.comment.showModal();
    this.comment.querySelector("#comment-text").focus();
  }

  async #send(form) {
    const answer = await post(form.action, new URLSearchParams([...new FormData(form)]));
    if (answer.kind !== "done") {
      const why = answer.content?.error ?? "Not sent: the server doesn't respond. Try again.";
      form.querySelector(".comment-state").textContent = why;
      return;
    }
    form.querySelector("#comment-text").value = "";
    form.querySelector(".comment-state").textContent = "";
    this.comment.close();
    this.page.showComment(answer.content);
  }
}
