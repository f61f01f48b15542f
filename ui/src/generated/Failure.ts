import type { Problem } from "./Problem";

export type Failure = { code: "invalid" | "not-found" | "read-only" | "storage" | "cancelled" | "exists" | "unsupported" | "internal", message: string, hint: string | null, detail: string | null, problems: Array<Problem> };
