// Provisional: as the Rust side names it.

export type CloseLine = {
path: string,
fund_name: string,
amount: string,
};
