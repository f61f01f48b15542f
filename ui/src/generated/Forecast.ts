// Provisional: as the Rust side names it.
import type { ForecastMonth } from "./ForecastMonth";

export type Forecast = {
at: string,
currency: string,
cash: string,
total_cash: string,
months: Array<ForecastMonth>,
first_below_zero: string | null,
short: Array<string>,
formula: string,
missing: Array<string>,
};
