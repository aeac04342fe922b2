// Model verdicts: the curve leads to the step, the step in view is marked on the curve.

export class Opinions {
  constructor(page) {
    this.page = page;
    this.slices = [...page.root.querySelectorAll(".slice")];
    this.slices.forEach((slice, index) => {
      // One stop for Tab, then arrows: not a stop for each of a hundred and fifty steps.
      slice.setAttribute("tabindex", index === 0 ? "0" : "-1");
      slice.addEventListener("click", (event) => {
        event.preventDefault();
        page.steps.move(index, { focus: !slice.matches(":focus-visible") });
      });
      slice.addEventListener("keydown", (event) => this.#arrow(event, index));
    });
  }

  moved(index) {
    this.marked?.classList.remove("here");
    this.marked = this.slices[index];
    this.marked?.classList.add("here");
  }

  doubted(direction) {
    const from = this.page.steps.here;
    const found = this.slices
      .map((slice, index) => ({ slice, index }))
      .filter(({ slice, index }) => {
        return slice.classList.contains("doubted") && (index - from) * direction > 0;
      });
    return (direction > 0 ? found.at(0) : found.at(-1))?.index;
  }

  toggle() {
    const panel = this.page.root.querySelector(".opinions");
    const shut = panel.classList.toggle("shut");
    this.page.form.querySelector("#steps").classList.toggle("marks-hidden", shut);
    const button = panel.querySelector("[data-act=toggleModels]");
    button.setAttribute("aria-expanded", String(!shut));
    button.querySelector(".toggle-word").textContent = shut ? "Show" : "Hide";
  }

  #arrow(event, index) {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1 }[event.key];
    if (to === undefined || !this.slices[to]) return;
    event.preventDefault();
    this.slices[index].setAttribute("tabindex", "-1");
    this.slices[to].setAttribute("tabindex", "0");
    this.slices[to].focus();
    this.page.steps.move(to, { focus: false });
  }
}
