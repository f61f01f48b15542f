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
  { id: "reports", path: "finance/reports", label: "place.reports", under: "place.money" },
  {
    id: "decisions", path: "decisions", label: "place.decisions", also: "governance/proposals",
    lists: [
      "governance/decisions", "governance/rules", "governance/interests", "governance/ballots", "governance/tallies",
      "governance/interventions",
    ],
  },
  {
    id: "people", path: "people", label: "place.people", also: "governance/people",
    lists: ["governance/meetings", "governance/disclosures", "governance/reaffirmations", "governance/contributions"],
  },
  { id: "contacts", path: "governance/contacts", label: "place.contacts" },
  {
    id: "incidents", path: "operations/incidents", label: "place.incidents", under: "place.operations",
    lists: ["operations/reviews", "operations/actions", "operations/incident-lines"],
  },
  { id: "deploys", path: "operations/deploys", label: "place.deploys", under: "place.operations" },
  {
    id: "availability", path: "operations/availability", label: "place.availability", under: "place.operations",
    lists: ["operations/availabilities", "operations/components"],
  },
  {
    id: "metrics", path: "operations/metrics", label: "place.metrics", under: "place.operations",
    lists: ["operations/measurements"],
  },
  {
    id: "secrets", path: "operations/secrets", label: "place.secrets", under: "place.operations",
    lists: ["operations/sealed-values"],
  },
  { id: "continuity", path: "operations/continuities", label: "place.continuity", under: "place.operations" },
  {
    id: "runbooks", path: "knowledge/runbooks", label: "place.runbooks", under: "place.knowledge",
    lists: ["knowledge/runbook-runs"],
  },
  { id: "processes", path: "knowledge/processes", label: "place.processes", under: "place.knowledge" },
  { id: "pages", path: "knowledge/pages", label: "place.pages", under: "place.knowledge" },
  { id: "feedback", path: "knowledge/feedbacks", label: "place.feedback", under: "place.knowledge" },
  { id: "changelog", path: "operations/changes", label: "place.changelog", under: "place.knowledge" },
  { id: "roadmap", path: "product/items", label: "place.roadmap", under: "place.knowledge" },
  { id: "commons", path: "knowledge/commons", label: "place.commons", under: "place.knowledge" },
  {
    id: "community", path: "knowledge/community", label: "place.community", under: "place.knowledge",
    lists: ["governance/venues", "governance/sessions", "governance/pairings"],
  },
  {
    id: "manifesto", path: "knowledge/manifesto", label: "place.manifesto", under: "place.knowledge",
    lists: ["governance/manifestos", "governance/signatures"],
  },
  {
    id: "requirements", path: "framework/requirements", label: "place.requirements", under: "place.framework",
    lists: ["governance/attestations", "product/interfaces", "product/drills"],
  },
  {
    id: "phase", path: "framework/phase", label: "place.phase", under: "place.framework",
    lists: ["product/phases", "product/plans"],
  },
  {
    id: "scenarios", path: "framework/scenarios", label: "place.scenarios", under: "place.framework",
    lists: ["product/scenarios", "product/firings"],
  },
  { id: "bylaws", path: "framework/bylaws", label: "place.bylaws", under: "place.framework" },
  { id: "publish", path: "publish", label: "place.publish", lists: ["finance/publications"] },
  { id: "sync", path: "sync", label: "place.sync" },
  { id: "service", path: "product/services", label: "place.service" },
];

const within = (path: string, above: string | undefined): boolean =>
  above !== undefined && (path === above || path.startsWith(`${above}/`));

/** Whether a path belongs to this place. */
export const belongs = (path: string, place: PlaceLink): boolean =>
  within(path, place.path) || within(path, place.also) || (place.lists ?? []).some((list) => within(path, list));
