//! Printing payments.

use crate::Context;
use crate::commands::Done;
use commonhold_app::commands::payments::{
    ApprovalView, BatchPreview, ExpenseView, LeaseView, Payments,
};
use commonhold_app::{Code, Failure};
use commonhold_core::RecordId;

/// What is to be paid; 1 when somebody must look at something.
pub fn list(context: &Context, all: &Payments) -> Done {
    let out = context.output;
    let rows: Vec<Vec<String>> = all
        .expenses
        .iter()
        .map(|expense| {
            vec![
                expense.due.clone(),
                expense.state.name().to_owned(),
                expense.amount.clone(),
                expense.payee_name.clone(),
                expense.title.clone(),
                expense.id.to_string(),
            ]
        })
        .collect();
    out.table(&["due", "state", "amount", "payee", "for", "id"], &rows);
    for schedule in &all.schedules {
        let next = schedule.next_due.as_deref().unwrap_or("never");
        out.line(format!(
            "{}: {} {}, next {next} ({})",
            schedule.title, schedule.amount, schedule.rule, schedule.id
        ));
        schedule.warnings.iter().for_each(|warning| out.line(format!("  {warning}")));
    }
    lease_line(context, &all.lease);
    for alarm in &all.alarms {
        out.line(format!("! {alarm}"));
    }
    out.value(all);
    Ok(u8::from(!all.alarms.is_empty()))
}

fn lease_line(context: &Context, lease: &LeaseView) {
    context.output.line(match lease.id {
        None => "Nobody holds the lease to write payment files.".to_owned(),
        Some(_) if lease.mine => format!("This device writes payment files until {}.", lease.until),
        Some(_) => format!(
            "{} writes payment files on device {} until {}.",
            lease.holder_name, lease.device, lease.until
        ),
    });
}

/// Who writes payment files.
pub fn lease(context: &Context, lease: &LeaseView) {
    lease_line(context, lease);
    lease.rivals.iter().for_each(|rival| context.output.line(rival));
    context.output.value(lease);
}

/// One expense with what people said.
pub fn one(context: &Context, all: &Payments, id: &RecordId) -> Done {
    let Some(expense) = all.expenses.iter().find(|expense| expense.id == *id) else {
        return Err(Failure::new(Code::NotFound, format!("There is no expense with the id {id}."))
            .hint("List them with: commonhold pay list."));
    };
    let out = context.output;
    out.line(format!("{} – {} to {}", expense.title, expense.amount, expense.payee_name));
    out.line(format!("{} from {}, due {}", expense.account_path, expense.fund_name, expense.due));
    out.line(format!("State: {}", expense.state.name()));
    remarks(expense).iter().for_each(|remark| out.line(remark));
    expense.approvals.iter().for_each(|approval| out.line(word(approval)));
    for batch in &expense.batches {
        out.line(format!(
            "In a payment file of {} by {}: SHA-256 {} ({})",
            batch.written, batch.person_name, batch.file_sha256, batch.id
        ));
    }
    out.line(format!("End-to-end id: {}", expense.end_to_end_id));
    out.value(expense);
    Ok(u8::from(expense.double))
}

fn remarks(expense: &ExpenseView) -> Vec<String> {
    let mut remarks = Vec::new();
    if !expense.reason.is_empty() {
        remarks.push(expense.reason.clone());
    }
    if expense.preapproved {
        remarks.push("Its schedule is approved for it.".to_owned());
    }
    if expense.one_person_only {
        remarks.push("One person alone decided: nobody else belongs to the service.".to_owned());
    }
    if !expense.paid.is_empty() {
        remarks.push(format!("Paid, as the books show: {}", expense.paid));
    }
    remarks
}

fn word(approval: &ApprovalView) -> String {
    let done = if approval.verdict == "approve" { "approves" } else { "rejects" };
    let reason = match approval.reason.as_str() {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    let void = match approval.why.as_str() {
        "" => String::new(),
        why => format!(" (does not count: {why})"),
    };
    format!("{} {done} it{reason}{void}", approval.name)
}

/// A payment file that was not written; 1 when something must be mended first.
pub fn preview(context: &Context, preview: &BatchPreview) -> Done {
    let out = context.output;
    let rows: Vec<Vec<String>> = preview
        .lines
        .iter()
        .map(|line| {
            vec![
                line.amount.clone(),
                line.payee_name.clone(),
                line.iban.clone(),
                line.remittance.clone(),
            ]
        })
        .collect();
    out.table(&["amount", "payee", "account", "for"], &rows);
    out.line(format!("{} payments, {} in all", preview.count, preview.total));
    for text in &preview.changed {
        out.line(format!("Written for the bank: {} → {}", text.from, text.to));
    }
    preview.warnings.iter().for_each(|warning| out.line(format!("Look: {warning}")));
    preview.problems.iter().for_each(|problem| out.line(format!("! {problem}")));
    out.value(preview);
    Ok(u8::from(!preview.problems.is_empty()))
}
