import type { ServiceSummary } from "./ServiceSummary";

export type AppState = { home: string, device: { key: string, short: string, name: string }, read_only: string | null, version: string, services: Array<ServiceSummary> };
