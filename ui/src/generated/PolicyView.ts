// Provisional: as the Rust side names it.

export type PolicyView = {
sentence: string,
one_up_to: string,
two_up_to: string | null,
payer: string,
is_default: boolean,
};
