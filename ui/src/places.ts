// The places inside a service, in the order of the sidebar. Only what exists.
import type { MessageKey } from "./messages/en";

export type PlaceLink = { id: string; path: string; label: MessageKey; under?: MessageKey; /** Other paths that belong to it. */ also?: string };

export const places: PlaceLink[] = [
  { id: "overview", path: "overview", label: "place.overview" },
  { id: "transactions", path: "finance/transactions", label: "place.transactions", under: "place.money" },
  { id: "balances", path: "finance/balances", label: "place.balances", under: "place.money" },
  { id: "accounts", path: "finance/accounts", label: "place.accounts", under: "place.money" },
  { id: "funds", path: "finance/funds", label: "place.funds", under: "place.money" },
  { id: "prices", path: "finance/prices", label: "place.prices", under: "place.money" },
  { id: "imports", path: "finance/imports", label: "place.imports", under: "place.money" },
  { id: "people", path: "people", label: "place.people", also: "governance/people" },
  { id: "contacts", path: "governance/contacts", label: "place.contacts" },
  { id: "secrets", path: "operations/secrets", label: "place.secrets" },
  { id: "pages", path: "knowledge/pages", label: "place.pages" },
  { id: "sync", path: "sync", label: "place.sync" },
  { id: "service", path: "product/services", label: "place.service" },
];
