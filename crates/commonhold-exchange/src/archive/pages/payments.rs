//! Who approved what: from the expense over approvals and payment files to the bank's line and the
//! receipt.

use super::super::Export;
use super::super::html::{Cell, Page, text};
use super::{Group, Sort, field, id_in, list};
use commonhold_core::date::Date;
use commonhold_core::records::Kind;

pub(super) const EXPENSES: Sort = Sort {
    stem: "payments",
    title: "Who approved what",
    intro: "Each expense with its approvals, the payment files it was in, what became of it, and the \
            transactions that pay it. An approval counts for the content it names.",
    kind: Kind::Expense,
    rest: &[
        (Kind::Approval, "target"),
        (Kind::Batch, "expenses"),
        (Kind::Outcome, "expense"),
        (Kind::Transaction, "expense"),
    ],
    from: &[
        ("../finance/expenses.csv", "expenses.csv"),
        ("../finance/approvals.csv", "approvals.csv"),
        ("../finance/batches.csv", "batches.csv"),
        ("../finance/outcomes.csv", "outcomes.csv"),
        ("../finance/transactions.csv", "transactions.csv"),
    ],
    one: expense,
};

/// The approvals of a record.
pub(super) fn approvals(work: &Export<'_>, page: &mut Page, group: &Group) {
    for approval in group.each(Kind::Approval) {
        let reason = field(approval, "reason");
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let by = work.names.of(id_in(approval, "person"));
        let verdict = field(approval, "verdict");
        page.paragraph(&format!("{verdict} by {by} ({}){reason}", approval.state));
    }
}

fn expense(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        let amount = field(record, "amount");
        let payee = work.names.of(id_in(record, "payee"));
        let title = format!("{}: {amount} to {payee}", field(record, "narration"));
        page.heading(2, &format!("r-{}", record.id), &super::super::html::short(&title));
        let by =
            id_in(record, "submitter").map(|id| format!(", put in by {}", work.names.of(Some(id))));
        page.paragraph(&format!(
            "{}, due {}{} ({}).",
            field(record, "type"),
            field(record, "due"),
            by.unwrap_or_default(),
            record.state
        ));
        let decision = field(record, "decision");
        if !decision.is_empty() {
            page.paragraph(&format!("By decision: {decision}"));
        }
        let receipts = work.names.receipts(&list(record, "documents"));
        if !receipts.is_empty() {
            let rows = receipts.into_iter().map(|(href, said)| (href, said, String::new()));
            page.list(&rows.collect::<Vec<_>>());
        }
    }
    if group.rest.is_empty() {
        page.paragraph("Nobody approved it, and nothing was paid.");
        return;
    }
    page.table("", &["What", "Who or when", "Says", "State"]);
    for (kind, record) in &group.rest {
        let state = text(record.state);
        let cells = match kind {
            Kind::Approval => {
                let said = format!("{} {}", field(record, "verdict"), field(record, "reason"));
                [text("approval"), text(work.names.of(id_in(record, "person"))), text(said), state]
            }
            Kind::Batch => {
                let said =
                    format!("{}, total {}", field(record, "channel"), field(record, "total"));
                [text("payment file"), text(field(record, "written")), text(said), state]
            }
            Kind::Outcome => {
                let said = format!("{} {}", field(record, "result"), field(record, "reason"));
                [text("what became of it"), text(field(record, "at")), text(said), state]
            }
            _ => {
                let day = field(record, "date");
                let page = day.parse::<Date>().ok().and_then(|day| work.names.days.get(&day));
                let said = format!("{} {}", field(record, "narration"), field(record, "source"));
                let link = page.filter(|_| record.state == "ok");
                let said = match link {
                    Some(page) => Cell::Link(format!("{page}.html#r-{}", record.id), said),
                    None => text(said),
                };
                [text("transaction"), text(day), said, state]
            }
        };
        page.row("", &cells);
    }
    page.end();
}
