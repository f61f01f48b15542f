// Provisional: as the Rust side names it.

export type SourceShare = {
donor_type: string,
donors: number,
amount: string,
share: string,
};
