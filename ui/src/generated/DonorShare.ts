// Provisional: as the Rust side names it.

export type DonorShare = {
donor: string,
name: string,
donor_type: string,
amount: string,
share: string,
};
