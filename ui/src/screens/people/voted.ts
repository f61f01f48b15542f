// What a signature came to, in a sentence.
import type { Voted } from "../../host";
import { t } from "../../words";

export function votedSentence(voted: Voted, done: string): string {
  return voted.in_force ? done : t("vote.more", { n: Math.max(1, voted.needed - voted.votes) });
}
