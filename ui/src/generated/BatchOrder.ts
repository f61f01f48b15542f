// Provisional: as the Rust side names it.

export type BatchOrder = {
account: string,
expenses: Array<string>,
execute_on?: string | null,
version?: string | null,
};
