//! Saying what became of a payment that no statement shows.

use super::orders::NewOutcome;
use super::{Seen, change, checked, new_act};
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::records::finance::outcome::Outcome;
use commonhold_core::reports::finance::payments::ExpenseState;
use commonhold_core::{Kind, RecordId};

/// Says what became of an expense: handed to the bank, refused by it, or taken back. What was paid
/// or came back is read off the books instead.
pub fn outcome_add(app: &mut App, book: &BookId, new: &NewOutcome) -> Result<RecordId, Failure> {
    let seen = Seen::of(app, book)?;
    let me = seen.me.person.unwrap_or_default();
    if !seen.desk.facts.team.approvers().contains(&me) {
        return Err(Failure::new(
            Code::NotAllowed,
            "Only leadership and treasurers say what became of a payment.",
        ));
    }
    let Some(standing) = seen.desk.expenses.get(&new.expense) else {
        let message = format!("There is no expense with the id {}.", new.expense);
        return Err(Failure::new(Code::NotFound, message));
    };
    if matches!(standing.state, ExpenseState::Paid | ExpenseState::Settled) {
        return Err(Failure::new(Code::Invalid, "The books show that it is paid.")
            .hint("If the money came back, enter that as a transaction of this expense."));
    }
    let known = |batch: &RecordId| seen.desk.facts.batches.contains_key(batch);
    if new.batch.as_ref().is_some_and(|batch| !known(batch)) {
        return Err(Failure::new(Code::NotFound, "There is no such payment file."));
    }
    let text = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let outcome = Outcome {
        expense: new.expense,
        batch: new.batch,
        result: new.result.clone(),
        code: text(&new.code),
        reason: text(&new.reason),
        person: me,
        at: Some(seen.desk.facts.now),
    };
    let fields = checked(Kind::Outcome, &outcome)?;
    let id = app.fresh_id()?;
    let act = new_act(Kind::Outcome, id, "payments", fields);
    app.write(book, &[act], change(book, Kind::Expense, Some(new.expense)), &mut |_| true)?;
    Ok(id)
}
