// Provisional: as the Rust side names it.
import type { ApprovalView } from "./ApprovalView";

export type ScheduleView = {
id: string,
title: string,
payee_name: string,
amount: string,
rule: string,
next_due: string | null,
approved: boolean,
needs: number,
expires: string | null,
year_spent: string,
approvals: Array<ApprovalView>,
warnings: Array<string>,
i_may_approve: boolean,
why_not: string,
};
