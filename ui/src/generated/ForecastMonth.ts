// Provisional: as the Rust side names it.
import type { ForecastItem } from "./ForecastItem";

export type ForecastMonth = {
month: string,
income: string,
expense: string,
cash: string,
total_cash: string,
below_zero: boolean,
items: Array<ForecastItem>,
};
