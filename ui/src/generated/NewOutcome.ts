// Provisional: as the Rust side names it.

export type NewOutcome = {
expense: string,
batch?: string | null,
result: string,
code?: string | null,
reason?: string | null,
};
