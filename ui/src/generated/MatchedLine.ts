// Provisional: as the Rust side names it.

export type MatchedLine = {
transaction: string,
expense: string,
correction: string,
};
