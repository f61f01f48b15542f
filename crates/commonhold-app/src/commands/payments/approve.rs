//! Saying yes or no to something as it stands.

use super::{Seen, change, checked, new_act, withdrawal};
use crate::app::App;
use crate::commands::records;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::projection::State;
use commonhold_core::records::finance::approval::Approval;
use commonhold_core::reports::finance::payments::{ExpenseState, Word, content};
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};

/// The same for who looked at a certain content (`ExpenseView::content`): what was changed since,
/// also by an exchange in between, is not decided about unseen.
pub fn approve_as_seen(
    app: &mut App,
    book: &BookId,
    (kind, id): (Kind, &RecordId),
    (verdict, reason): (&str, &str),
    seen: &str,
) -> Result<RecordId, Failure> {
    let row = records::find(app.reader(), book, kind, id)?;
    if content(kind, &row.fields) != seen {
        let message = format!("This {kind} was changed since you looked at it.");
        return Err(Failure::new(Code::Invalid, message).hint("Look at it again, then decide."));
    }
    expense_approve(app, book, kind, id, verdict, reason)
}

/// Approves or rejects (`verdict` is `approve` or `reject`) an expense, a schedule or a close as it
/// stands now. What the same person said before, the other way, is withdrawn with it. Refuses with
/// the rule named.
pub fn expense_approve(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    verdict: &str,
    reason: &str,
) -> Result<RecordId, Failure> {
    let seen = Seen::of(app, book)?;
    let row = records::find(app.reader(), book, kind, id)?;
    let refuse = |why: String| Err(Failure::new(Code::NotAllowed, why));
    if !matches!(kind, Kind::Expense | Kind::Schedule | Kind::Close) {
        return Err(Failure::new(Code::Invalid, format!("A {kind} is not approved."))
            .hint("Expenses, schedules and closes are."));
    }
    if !matches!(verdict, "approve" | "reject") {
        let message = format!("“{verdict}” is not a word that decides; say approve or reject.");
        return Err(Failure::new(Code::Invalid, message));
    }
    if row.state != State::Ok {
        return refuse(format!(
            "This {kind} is {}, so there is nothing to decide.",
            row.state.name()
        ));
    }
    let me = seen.me.person.unwrap_or_default();
    if !seen.desk.facts.team.approvers().contains(&me) {
        return refuse("Only leadership and treasurers approve.".into());
    }
    let mut before = Vec::new();
    if let Some(why) = barred(&seen, kind, id, &me) {
        return refuse(why);
    }
    for word in words(&seen, kind, id).into_iter().filter(|word| word.person == me) {
        if word.void.is_some() {
            continue;
        }
        if word.approves == (verdict == "approve") {
            return Err(Failure::new(Code::Exists, format!("You said {verdict} already.")));
        }
        before.push(word.id);
    }
    let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let approval = Approval {
        kind: kind.name().into(),
        target: *id,
        person: me,
        verdict: verdict.to_owned(),
        reason,
        content: Some(content(kind, &row.fields)),
    };
    let fields = checked(Kind::Approval, &approval)?;
    let mut acts: Vec<Act> = Vec::new();
    for old in before {
        let said = "They decided the other way.";
        acts.push(withdrawal(app, book, (Kind::Approval, &old), said)?);
    }
    let fresh = app.fresh_id()?;
    acts.push(new_act(Kind::Approval, fresh, &row.document, fields));
    app.write(book, &acts, change(book, kind, Some(*id)), &mut |_| true)?;
    if kind == Kind::Expense {
        // The word is written whatever comes of this.
        super::post_liabilities(app, book).map_err(not_posted)?;
    }
    Ok(fresh)
}

/// Says that the decision stands although what follows from it failed.
fn not_posted(why: Failure) -> Failure {
    let message = format!(
        "What you said is written down, but what is owed was not entered in the books: {}",
        why.message
    );
    Failure::new(why.code, message)
        .hint("It is entered when payments are prepared next; do not decide again.")
}

/// What people said of it so far.
fn words(seen: &Seen, kind: Kind, id: &RecordId) -> Vec<Word> {
    match kind {
        Kind::Expense => seen.desk.expenses.get(id).map(|standing| standing.decision.words.clone()),
        Kind::Schedule => {
            seen.desk.schedules.get(id).map(|standing| standing.decision.words.clone())
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// Why this person may not decide about it; nothing when they may.
pub(super) fn barred(seen: &Seen, kind: Kind, id: &RecordId, person: &RecordId) -> Option<String> {
    match kind {
        Kind::Schedule => seen.desk.barred_from_schedule(id, person),
        Kind::Expense => {
            let state = seen.desk.expenses.get(id).map(|standing| standing.state)?;
            let over = matches!(
                state,
                ExpenseState::Paid | ExpenseState::Settled | ExpenseState::Withdrawn
            );
            if over {
                return Some(format!("It is {} already; nothing is to be decided.", state.name()));
            }
            seen.desk.barred_from_expense(id, person)
        }
        _ => None,
    }
}
