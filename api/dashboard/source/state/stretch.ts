// Which rows of a long list are near the screen, by what is known of their heights.

/** The first row and the one after the last. */
export type Stretch = [number, number];

// Before the first row was measured.
const GUESS = 60;
// Beyond the screen on both sides, in screens: what there must be, lest a turn of the wheel shows
// nothing, and what there is after a change. They differ because what is drawn moves what is measured
// by parts of a pixel, and a row at the border would come and go for ever.
const LEAST = 0.3;
const AMPLE = 0.8;

export class Heights {
  private readonly known = new Map<string, number>();
  private width = 0;
  private usual = 0;

  /** Rows wrap otherwise in another width, so that all are to be measured again. */
  fit(width: number): void {
    if (width === this.width) return;
    this.width = width;
    this.usual = 0;
    this.known.clear();
  }

  keep(key: string, height: number): void {
    this.known.set(key, height);
  }

  /** Rows that were not seen yet count as those that were seen first, lest the page's length sways. */
  private of(key: string): number {
    return this.known.get(key) ?? (this.usual || GUESS);
  }

  /** The height of the rows from one on up to another. */
  between(keys: string[], from: number, to: number): number {
    let sum = 0;
    for (let index = from; index < to; index++) sum += this.of(keys[index]!);
    return sum;
  }

  /** The rows to show on a screen that begins so far below the first row: those now, if they do. */
  visible(keys: string[], from: number, screen: number, now: Stretch): Stretch {
    if (!this.usual && this.known.size) {
      this.usual = [...this.known.values()].reduce((sum, one) => sum + one, 0) / this.known.size;
    }
    const [first, last] = this.near(keys, from, screen, LEAST);
    if (now[0] <= first && last <= now[1]) return now;
    return this.near(keys, from, screen, AMPLE);
  }

  private near(keys: string[], from: number, screen: number, margin: number): Stretch {
    const above = from - screen * margin;
    const below = from + screen * (1 + margin);
    let first = 0;
    let top = 0;
    while (first < keys.length && top + this.of(keys[first]!) < above) {
      top += this.of(keys[first++]!);
    }
    let last = first;
    while (last < keys.length && top < below) top += this.of(keys[last++]!);
    return [first, last];
  }
}

/** The stretch, and the row that has the focus with its neighbours, which Tab goes to. */
export function reach([first, last]: Stretch, held: number, count: number): number[] {
  const found = new Set<number>();
  for (let index = first; index < Math.min(last, count); index++) found.add(index);
  if (held >= 0) for (const index of [held - 1, held, held + 1]) found.add(index);
  return [...found].filter((index) => index >= 0 && index < count).sort((a, b) => a - b);
}
