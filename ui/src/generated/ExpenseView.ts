// Provisional: as the Rust side names it.
import type { ApprovalView } from "./ApprovalView";
import type { ExpenseState } from "./ExpenseState";
import type { InBatch } from "./InBatch";

export type ExpenseView = {
id: string,
title: string,
payee: string,
payee_name: string,
amount: string,
fund_name: string,
account_path: string,
due: string,
state: ExpenseState,
needs: number,
reason: string,
may_pay: boolean,
approvals: Array<ApprovalView>,
i_may_approve: boolean,
why_not: string,
end_to_end_id: string,
batches: Array<InBatch>,
paid: string,
schedule: string | null,
occurrence: string | null,
double: boolean,
one_person_only: boolean,
preapproved: boolean,
channel: string,
};
