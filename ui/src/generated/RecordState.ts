export type RecordState = "ok" | "rejected" | "withdrawn" | "superseded" | "rival";
