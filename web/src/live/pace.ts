/** Pace does something as often as it is asked to, but at most once before and once after a frame of the screen. */
export class Pace {
  private frame = 0;
  private late = false;

  constructor(private readonly what: () => void) {}

  /** soon does it at once, unless it was done since the last frame: then after the next one. */
  soon() {
    if (this.frame && !document.hidden) {
      this.late = true;
      return;
    }
    this.what();
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      // Not inside of the frame: what measures and moves in it was set off before.
      setTimeout(() => this.late && this.soon());
    });
  }

  /** done says that there is nothing to be done any more. */
  done() {
    this.late = false;
  }
}
