// Provisional: as the Rust side names it.

export type WhatIfQuestion = {
lose_top_donor: boolean,
price_change_percent: number,
drop_schedules: Array<string>,
};
