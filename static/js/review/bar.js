// The one line that says how safe the work is, and what there is to do about it.

const WORDS = {
  saving: "Saving…",
  saved: "Draft saved",
  unsaved: "Not saved yet: the server doesn't respond. Your draft is kept in this browser. Retrying.",
  sending: "Sending…",
  unsent: "Not sent yet: the server doesn't respond. Retrying.",
};

export class Bar {
  constructor(root) {
    this.root = root;
    this.line = root.querySelector(".review-state");
    this.alarm = root.querySelector(".review-alarm");
    this.login = root.querySelector("#login-ended");
  }

  // Speaks politely of what is as it should be, and at once of what is not.
  state(kind, text = "") {
    this.line.dataset.state = kind;
    const alarming = kind === "login" || kind === "lost" || kind === "refused";
    this.line.textContent = alarming ? "" : (text || WORDS[kind] || "");
    if (kind === "login") this.#alarm(this.login.content.cloneNode(true));
    else if (alarming) this.#alarm(text);
    else if (kind === "saved" || kind === "sending") this.#alarm("");
  }

  say(text) {
    this.line.dataset.state = "notice";
    this.line.textContent = text;
  }

  // How far the queue has come since the server drew this item.
  progress({ answered, total, sentence }) {
    const drawn = this.root.querySelector(".review-progress");
    drawn.max = total;
    drawn.value = answered;
    this.root.querySelector(".review-pace").textContent = sentence;
  }

  // What became of the item before: in passing, unless it was right or wrong.
  show({ text, kind }) {
    if (kind === "plain") return this.say(text);
    const notice = document.createElement("p");
    notice.className = kind === "good" ? "notice success" : "notice error";
    notice.setAttribute("role", "status");
    notice.textContent = text;
    this.root.querySelector(".review-head").after(notice);
  }

  // A question with its answers: what is written on a button, and what it does.
  ask(text, answers) {
    const notice = document.createElement("p");
    notice.className = "notice warning";
    notice.setAttribute("role", "alert");
    notice.append(text);
    for (const [label, does] of Object.entries(answers)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        notice.remove();
        does();
      });
      notice.append(" ", button);
    }
    this.root.querySelector(".review-head").after(notice);
  }

  #alarm(content) {
    if (this.alarm.textContent.trim() === content?.textContent?.trim()) return;
    this.alarm.replaceChildren(content);
    this.alarm.hidden = content === "";
  }
}
