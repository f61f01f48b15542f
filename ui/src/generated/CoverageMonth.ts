// Provisional: as the Rust side names it.

export type CoverageMonth = {
month: string,
received: string,
spread: string,
expense: string,
};
