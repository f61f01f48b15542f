// Provisional: as the Rust side names it.
export type ExpenseState = "proposed" | "held" | "rejected" | "approved" | "in-batch" | "sent" | "paid" | "partial" | "returned" | "refused" | "cancelled" | "withdrawn" | "settled";
