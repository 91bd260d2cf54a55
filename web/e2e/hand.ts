import type { Page } from 'playwright-core';

export interface Point {
  x: number;
  y: number;
}

/** How often a mouse tells where it is, in milliseconds. */
const TICK = 1000 / 60;

const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Hand is a mouse that moves as a hand moves it: it is where the time says, however slow the page is. */
export class Hand {
  private at: Point = { x: 0, y: 0 };

  constructor(private readonly page: Page) {}

  async take(at: Point) {
    await this.page.mouse.move(at.x, at.y);
    await this.page.mouse.down();
    this.at = at;
    await this.to({ x: at.x + 14, y: at.y + 10 }, 120);
    await this.page.locator('[data-dragging]').waitFor();
  }

  async to(to: Point, ms: number) {
    const from = this.at;
    for (const begun = performance.now(); ;) {
      const part = Math.min(1, (performance.now() - begun) / ms);
      this.at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
      await this.page.mouse.move(this.at.x, this.at.y);
      if (part === 1) return;
      const late = (performance.now() - begun) % TICK;
      await tick(TICK - late);
    }
  }

  /** hold trembles in one place. */
  async hold(ms: number) {
    const { x, y } = this.at;
    for (const until = performance.now() + ms; performance.now() < until;) await this.to({ x: x + (this.at.x === x ? 2 : 0), y }, 100);
  }

  drop() {
    return this.page.mouse.up();
  }
}
