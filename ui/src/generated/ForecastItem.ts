// Provisional: as the Rust side names it.

export type ForecastItem = {
kind: string,
record: string,
title: string,
day: string,
fund_name: string,
amount: string,
converted: string,
};
