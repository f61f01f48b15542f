// Provisional: as the Rust side names it.

export type CloseSignature = {
id: string,
person: string,
name: string,
verdict: string,
valid: boolean,
why: string,
reason: string,
};
