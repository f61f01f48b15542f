// Reading again when something changed, but not with every event.

/** Does something at once, and again at most every so often; calls meanwhile come to one more time. */
export class Throttle {
  #act: () => Promise<unknown>;
  #apart: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #ended = -Infinity;

  /** `apart` says how many milliseconds lie between an end and the next begin at least. */
  constructor(act: () => Promise<unknown>, apart: () => number) {
    this.#act = act;
    this.#apart = apart;
  }

  /** `after`: milliseconds that this call leaves to what is more urgent. */
  call(after = 0): void {
    if (this.#running) this.#again = true;
    else if (this.#timer === undefined) {
      const wait = Math.max(after, this.#ended + this.#apart() - performance.now(), 0);
      this.#timer = setTimeout(() => void this.now(), wait);
    }
  }

  /** Without waiting. */
  async now(): Promise<void> {
    this.stop();
    this.#running = true;
    try {
      await this.#act();
    } finally {
      this.#running = false;
      this.#ended = performance.now();
      if (this.#again) {
        this.#again = false;
        this.call();
      }
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
  }
}
