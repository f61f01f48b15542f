//! Payments: where every expense stands, derived from what was written about it.
//!
//! Nobody writes that an expense is approved or paid. People write approvals, payment files and
//! what became of them; banks' statements become transactions; and from these the state follows,
//! the same on every device whatever order they arrived in. So two who decide while apart never
//! overwrite each other, and a bill that was put into two payment files is seen.
//!
//! That a bill is paid exactly once cannot be promised to devices that are apart. It is made
//! unlikely (a lease, one id for one occurrence), and loud when it happens all the same.

mod approvals;
mod content;
mod desk;
mod facts;
mod funds;
mod lease;
mod occurrences;
mod preapproval;
mod rules;
mod sentences;
mod standing;
#[cfg(test)]
mod tests;

pub use approvals::{Decision, Verdict, Word};
pub use content::content;
pub use desk::{Desk, ScheduleStanding};
pub use facts::{Facts, Item, PaidLine, Team};
pub use lease::{Leases, leases};
pub use occurrences::{due_dates, end_to_end_id, expense_id, next_due, occurrence};
pub use rules::Rules;
pub use standing::{ExpenseState, Standing};
