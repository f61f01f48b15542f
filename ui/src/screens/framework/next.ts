// Where the next step of a requirement is taken in this window, and how somebody may vouch for it.
import type { Evidence } from "../../generated/Evidence";
import type { Kind } from "../../generated/Kind";
import type { RequirementView } from "../../generated/RequirementView";
import { places } from "../../places";
import { kindByPath, kindNamed } from "../../records";
import { t, word } from "../../words";

/** The route of the shutdown plan: there is one, so it is written anew or changed. */
const PLAN = "plan";
const PROFILE = "product/services";
const PUBLISHED = "publish";

/** By the id of the requirement, the most important way first. */
const WAYS: Record<string, string[]> = {
  "finance.self-funded.channels": ["finance/channels/new"],
  "finance.self-funded.sources": ["finance/giving", "finance/donors/new"],
  "finance.expensing.automatic": ["finance/recurring", "people"],
  "finance.history.expenses": ["finance/transactions"],
  "finance.history.donations": ["finance/transactions"],
  "finance.history.timely": [PUBLISHED],
  "finance.efficiency": ["finance/policies", "finance/accounts"],
  "finance.shutdown.plan": [PLAN, "finance/recurring"],
  "infra.automatic": ["operations/deploys"],
  "infra.introspection": ["operations/changes/new", PUBLISHED],
  "infra.secrets": ["operations/secrets", "knowledge/pages/new"],
  "governance.bylaws": ["framework/bylaws", "people", PLAN],
  "governance.members": ["people", PUBLISHED],
  "governance.votes": [PUBLISHED],
  "governance.paid-work": ["governance/disclosures/new"],
  "governance.reaffirmation": ["governance/reaffirmations/new", "people"],
  "governance.open-talk": ["governance/meetings"],
  "governance.migration": [PROFILE],
  "product.compatibility": ["product/interfaces/new"],
  "product.export": ["product/drills/new"],
  "product.single-focus": [PROFILE],
  "product.phases": [PUBLISHED],
  "product.shutdown": [PLAN],
  "operations.incidents.recorded": ["operations/incidents", "operations/incidents/new"],
  "operations.incidents.learned": ["operations/incidents"],
  "operations.knowledge.shared": ["knowledge/runbooks", "operations/components/new"],
  "operations.process.public": ["knowledge/processes", "knowledge/feedbacks"],
  "operations.community": ["knowledge/community"],
  "operations.manifesto": ["knowledge/manifesto"],
};

export type Way = { to: string; label: string };

/** What a route of this window is called on a button. */
function called(route: string): string {
  const kind = kindByPath(route.split("/").slice(0, 2).join("/"));
  if (!kind) return t(places.find((place) => place.path === route)?.label ?? "needs.open");
  if (route.endsWith("/new")) return word("new", kind.kind);
  return word(route.endsWith("/edit") ? "kind" : "kinds", kind.kind);
}

/** The ways to the next step. A requirement this window does not know leads to the records it was found in. */
export function waysOf(one: RequirementView, plan: string | null): Way[] {
  if (one.next === "") return [];
  const known = WAYS[one.id];
  if (!known) return one.attestable ? [] : one.evidence.slice(0, 1).map((record) => ({ to: routeOf(record), label: t("needs.open") }));
  const routes = known.map((way) => (way !== PLAN ? way : plan ? `product/plans/${plan}/edit` : "product/plans/new"));
  return routes.map((to) => ({ to, label: called(to) }));
}

/** The route of a record, by its kind. */
export const routeOf = ({ kind, id }: { kind: Kind; id: string }): string => `${kindNamed(kind)?.path ?? ""}/${id}`;

/** What a record is called as evidence: some bear names that only the record itself uses. */
export function nameOf({ kind, title }: Evidence): string {
  if (kind === "attestation" || kind === "plan") return word("kind", kind);
  if (kind === "drill") return word("drill.type", title);
  if (kind === "phase") return word("phase", title);
  return title || word("kind", kind);
}

/** The words vouching may take: somebody's word, a decision that adopts, or that it does not apply. */
export type Vouching = "word" | "decision" | "not" | "proof";
export const vouchingOf = (one: RequirementView): Vouching =>
  one.attestable ? "word" : one.id === "governance.bylaws" ? "decision" : "not";
