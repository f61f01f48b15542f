// Provisional: as the Rust side is to name it.

export type Suggestion = {
account: string, path: string,
/** Why, in a sentence. */
why: string,
};
