// A file of exchange that somebody opened with this program: what is in it is taken in, and what it
// lacks is laid down in it, as with any other place.
import { asFailure, openedFile, syncPlace } from "./host";
import { say, store } from "./store.svelte";
import { number, t } from "./words";

export async function takeOpenedFile(): Promise<void> {
  const place = await openedFile();
  if (place === null) return;
  const file = place.split(/[\\/]/).at(-1) ?? place;
  try {
    const report = await syncPlace({ book: null, place, job: "opened-file" });
    const sum = (of: "received" | "sent") => report.books.reduce((all, book) => all + book[of], 0);
    say(t("opened.done", { file, received: number(sum("received")), sent: number(sum("sent")) }));
    store.revision += 1;
  } catch (thrown) {
    say(t("opened.failed", { file, why: asFailure(thrown).message }));
  }
}
