// The seconds spent reading and writing: while the page is in view and somebody is at it.

const AWAY = 120_000; // ms without a sign of anybody

export class Clock {
  constructor(field, signal) {
    this.field = field;
    this.seconds = Number(field.value) || 0;
    this.at = performance.now();
    this.hidden = document.hidden;
    for (const name of ["keydown", "pointerdown", "pointermove", "scroll", "visibilitychange"]) {
      addEventListener(name, () => this.tick(), { signal, passive: true, capture: true });
    }
  }

  // Counts what has passed since the last sign, unless it is too long to have been spent here.
  tick() {
    const now = performance.now();
    if (now - this.at < AWAY && !this.hidden) this.seconds += (now - this.at) / 1000;
    this.at = now;
    this.hidden = document.hidden;
  }

  write() {
    this.tick();
    this.field.value = String(Math.round(this.seconds));
  }
}
