// Provisional: as the Rust side names it.

export type LateEntry = {
transaction: string,
what: string,
title: string,
date: string | null,
amounts: Array<string>,
state: string,
sentence: string,
can_post_forward: boolean,
};
