// The places inside a service, in the order of the sidebar. Only what exists.
import type { MessageKey } from "./messages/en";

export type PlaceLink = {
  id: string; path: string; label: MessageKey; under?: MessageKey;
  /** Other paths that belong to it. */
  also?: string;
  /** Lists that belong to this section and stand above it, by the path of their kind. */
  lists?: string[];
};

export const places: PlaceLink[] = [
  { id: "needs", path: "needs", label: "place.needs" },
  { id: "overview", path: "overview", label: "place.overview" },
  {
    id: "transactions", path: "finance/transactions", label: "place.ledger", under: "place.money",
    lists: ["finance/balances", "finance/accounts", "finance/funds", "finance/prices", "finance/imports"],
  },
  {
    id: "to-pay", path: "finance/to-pay", label: "place.to-pay", under: "place.money",
    lists: [
      "finance/expenses", "finance/payees", "finance/approvals", "finance/batches", "finance/outcomes", "finance/leases",
      "finance/policies",
    ],
  },
  {
    id: "recurring", path: "finance/recurring", label: "place.recurring", under: "place.money",
    lists: ["finance/schedules"],
  },
  { id: "plan", path: "finance/plan", label: "place.plan", under: "place.money", lists: ["finance/budgets"] },
  {
    id: "giving", path: "finance/giving", label: "place.giving", under: "place.money",
    lists: ["finance/donors", "finance/pledges", "finance/channels"],
  },
  {
    id: "books", path: "finance/books", label: "place.books", under: "place.money",
    lists: ["finance/statements", "finance/reconciliations", "finance/closes"],
  },
  {
    id: "reports", path: "finance/reports", label: "place.reports", under: "place.money",
    lists: ["finance/publications"],
  },
  {
    id: "decisions", path: "decisions", label: "place.decisions", also: "governance/proposals",
    lists: [
      "governance/decisions", "governance/rules", "governance/interests", "governance/ballots", "governance/tallies",
      "governance/interventions",
    ],
  },
  {
    id: "people", path: "people", label: "place.people", also: "governance/people",
    lists: [
      "governance/meetings", "governance/disclosures", "governance/reaffirmations", "governance/contributions", "governance/venues",
      "governance/sessions", "governance/pairings",
    ],
  },
  { id: "contacts", path: "governance/contacts", label: "place.contacts" },
  {
    id: "incidents", path: "operations/incidents", label: "place.incidents",
    lists: [
      "operations/incident-lines", "operations/reviews", "operations/actions", "operations/components",
      "operations/availabilities",
    ],
  },
  {
    id: "deploys", path: "operations/deploys", label: "place.deploys",
    lists: ["operations/changes", "operations/measurements"],
  },
  {
    id: "secrets", path: "operations/secrets", label: "place.secrets",
    lists: ["operations/sealed-values", "operations/continuities"],
  },
  {
    id: "pages", path: "knowledge/pages", label: "place.pages",
    lists: [
      "knowledge/runbooks", "knowledge/runbook-runs", "knowledge/processes", "knowledge/feedbacks", "knowledge/commons",
    ],
  },
  { id: "roadmap", path: "product/items", label: "place.roadmap" },
  {
    id: "requirements", path: "framework/requirements", label: "place.requirements", under: "place.framework",
    lists: ["governance/attestations", "product/interfaces", "product/drills", "governance/manifestos", "governance/signatures"],
  },
  {
    id: "phase", path: "framework/phase", label: "place.phase", under: "place.framework",
    lists: ["product/phases", "product/plans"],
  },
  {
    id: "scenarios", path: "framework/scenarios", label: "place.scenarios", under: "place.framework",
    lists: ["product/scenarios", "product/firings"],
  },
  { id: "sync", path: "sync", label: "place.sync" },
  { id: "service", path: "product/services", label: "place.service" },
];

const within = (path: string, above: string | undefined): boolean =>
  above !== undefined && (path === above || path.startsWith(`${above}/`));

/** Whether a path belongs to this place. */
export const belongs = (path: string, place: PlaceLink): boolean =>
  within(path, place.path) || within(path, place.also) || (place.lists ?? []).some((list) => within(path, list));
