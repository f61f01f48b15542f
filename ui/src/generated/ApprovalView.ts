// Provisional: as the Rust side names it.

export type ApprovalView = {
id: string,
person: string,
name: string,
verdict: string,
valid: boolean,
why: string,
reason: string,
};
