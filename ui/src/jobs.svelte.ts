// A long action of the host: progress while it runs, and cancel. A cancelled job has changed nothing.
import { Action } from "./elements/load.svelte";
import * as host from "./host";

export class Job extends Action {
  done = $state(0);
  total = $state<number | null>(null);
  note = $state("");
  #id = "";

  async start(act: (job: string) => Promise<void>): Promise<boolean> {
    this.#id = crypto.randomUUID();
    this.done = 0;
    this.total = null;
    this.note = "";
    const stop = await host.onJobProgress((progress) => {
      if (progress.job !== this.#id) return;
      this.done = progress.done;
      this.total = progress.total;
      this.note = progress.note;
    });
    try {
      return await this.run(() => act(this.#id));
    } finally {
      stop();
    }
  }

  cancel = (): void => {
    void host.jobCancel({ job: this.#id }).catch(() => undefined);
  };
}
