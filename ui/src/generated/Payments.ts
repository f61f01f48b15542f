// Provisional: as the Rust side names it.
import type { BatchView } from "./BatchView";
import type { ExpenseView } from "./ExpenseView";
import type { LeaseView } from "./LeaseView";
import type { PolicyView } from "./PolicyView";
import type { ScheduleView } from "./ScheduleView";

export type Payments = {
expenses: Array<ExpenseView>,
open: number,
settled: number,
schedules: Array<ScheduleView>,
lease: LeaseView,
policy: PolicyView,
batches: Array<BatchView>,
alarms: Array<string>,
i_may_pay: boolean,
};
