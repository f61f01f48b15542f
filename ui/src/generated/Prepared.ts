// Provisional: as the Rust side names it.

export type Prepared = {
added: Array<string>,
until: string,
};
