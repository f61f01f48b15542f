// Provisional: as the Rust side names it.

export type ClockLine = {
transaction: string,
title: string,
date: string,
published: string | null,
working_days: number,
};
