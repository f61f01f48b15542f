// Loads something for a screen: keeps the last value while a newer one is on its way, ignores late answers.
import type { Failure } from "../generated/Failure";
import { asFailure } from "../host";

export class Load<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  #turn = 0;

  async run(read: () => Promise<T>, then?: (value: T) => void): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.busy = true;
    try {
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = null;
      then?.(value);
    } catch (thrown) {
      if (turn === this.#turn) this.failure = asFailure(thrown);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}

/** An action started by a person: one at a time, its failure kept beside it. */
export class Action {
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);

  async run(act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await act();
      return true;
    } catch (thrown) {
      const failure = asFailure(thrown);
      // Cancelling is no failure: whoever cancelled knows.
      if (failure.code !== "cancelled") this.failure = failure;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
