// Provisional: as the Rust side is to name it.

export type Assignment = {
/** The entry as it was imported. */
transaction: string,
/** The income or expense account it counts as. */
account: string,
/** Its fund, if another than now. */
fund?: string | null,
};
