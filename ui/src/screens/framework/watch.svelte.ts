// The scenarios that came true are written down when this place is opened; whoever comes first does it.
import { Load } from "../../elements/load.svelte";
import * as host from "../../host";
import { store } from "../../store.svelte";

/** How many were written down just now, for the screen that lists them. */
export const watched = new Load<{ book: string; fired: number }>();

export async function watchScenarios(book: string): Promise<void> {
  if (store.readOnly) return;
  await watched.run(async () => ({ book, fired: (await host.scenarioWatch({ book })).fired }));
}
