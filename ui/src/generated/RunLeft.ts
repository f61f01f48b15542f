// Provisional: as the Rust side names it.

export type RunLeft = {
expense: string,
title: string,
why: string,
};
