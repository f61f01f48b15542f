// Provisional: as the Rust side names it.

export type LeftOverStep = {
id: string,
label: string,
amount: string,
formula: string,
};
