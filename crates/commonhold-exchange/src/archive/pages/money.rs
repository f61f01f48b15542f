//! The trial balance, closed periods, and statements with the gaps between them.

use super::super::html::{Cell, Page, amount, text};
use super::super::{Error, Export, each};
use super::{Group, Sort, begin, field, put};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::money::Money;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::statement::Statement;
use serde_json::Value;

const FROM: &[(&str, &str)] = &[
    ("../finance/trial-balance.csv", "trial-balance.csv"),
    ("../finance/postings.csv", "postings.csv"),
];

/// The trial balance of each fund.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let title = "Trial balance";
    let mut page = begin(work, title);
    page.paragraph(
        "What each fund holds on each account, from the transactions in effect. Income is negative, \
         expenses are positive; in each currency and fund all sums come to zero. recompute.py, which \
         lies in the folder above, adds them up again.",
    );
    page.from(FROM);
    let mut last: Option<RecordId> = None;
    for ((fund, account, currency), sum) in &work.book.balances {
        if last != Some(*fund) {
            if last.is_some() {
                page.end();
            }
            page.heading(2, &format!("r-{fund}"), &work.book.fund_name(fund));
            page.table("", &["Account", "Type", "#Amount"]);
            last = Some(*fund);
        }
        let holds = work.book.accounts.get(account).map(|account| account.holds.as_str());
        let sum = Cell::Number(amount(*sum, *currency));
        let path = work.book.account_path(account);
        page.row("", &[text(path), text(holds.unwrap_or_default()), sum]);
    }
    match last {
        Some(_) => page.end(),
        None => page.paragraph("The book holds no transaction in effect."),
    }
    put(work, "trial-balance", title, page)
}

/// Closed periods, with the approvals that sign them.
pub(super) const CLOSES: Sort = Sort {
    stem: "closes",
    title: "Closed periods",
    intro: "What was closed, when and by whom. The hash is over the transactions and balances the \
            close lists. Entries that came later are in the list of late entries.",
    kind: Kind::Close,
    rest: &[(Kind::Approval, "target")],
    from: &[("../finance/closes.csv", "closes.csv"), ("../finance/approvals.csv", "approvals.csv")],
    one: close,
};

fn close(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        let title = format!("{} to {}", field(record, "from"), field(record, "to"));
        page.heading(2, &format!("r-{}", record.id), &title);
        let by = work.names.of(super::id_in(record, "person"));
        page.paragraph(&format!("Closed {} by {by} ({}).", field(record, "at"), record.state));
        page.paragraph(&format!("SHA-256 {}", field(record, "sha256")));
        let balances = super::list(record, "trial_balance");
        page.paragraph(&format!("It lists {} balances.", balances.len()));
    }
    super::payments::approvals(work, page, group);
}

struct Line {
    account: RecordId,
    from: Option<Date>,
    to: Option<Date>,
    position: i64,
    opening: Option<Money>,
    closing: Option<Money>,
    id: RecordId,
}

/// What lies between a statement and the one before it, in words.
fn between(before: Option<&Line>, line: &Line) -> String {
    let Some(before) = before.filter(|before| before.account == line.account) else {
        return "the first".into();
    };
    match (before.closing, line.opening) {
        (Some(closing), Some(opening)) if closing == opening => "goes on".into(),
        (Some(closing), Some(opening)) if closing.currency == opening.currency => {
            let off = opening.minor.checked_sub(closing.minor);
            let off = off.map(|minor| Money::new(minor, opening.currency).to_string());
            let days = match (before.to, line.from) {
                (Some(to), Some(from)) if from > to => format!(" between {to} and {from}"),
                _ => String::new(),
            };
            format!("GAP: {} is missing{days}", off.unwrap_or_else(|| "too much".into()))
        }
        _ => "cannot be told: a balance is missing".into(),
    }
}

/// Statements of each account in the order of their days, and where they do not follow.
pub(super) fn write_statements(work: &mut Export<'_>) -> Result<(), Error> {
    let mut lines: Vec<Line> = Vec::new();
    each(work.source, Kind::Statement, &mut work.progress, &mut |record| {
        let (id, ok) = (record.id, record.state == "ok");
        if let Ok(one) = serde_json::from_value::<Statement>(Value::Object(record.fields))
            && ok
        {
            let Statement { account, from, to, position, opening, closing, .. } = one;
            lines.push(Line { account, from, to, position, opening, closing, id });
        }
        Ok(())
    })?;
    if lines.is_empty() {
        return Ok(());
    }
    lines.sort_by_key(|line| (line.account, line.from, line.to, line.position, line.id));
    let title = "Statements and gaps";
    let mut page = begin(work, title);
    page.paragraph("Each statement has to begin with the balance the one before it ended with.");
    page.from(&[("../finance/statements.csv", "statements.csv")]);
    page.table("", &["Account", "From", "To", "#Opening", "#Closing", "After the one before"]);
    let said = |day: Option<Date>| text(day.map(|day| day.to_string()).unwrap_or_default());
    let money = |sum: Option<Money>| Cell::Number(sum.map(|m| m.to_string()).unwrap_or_default());
    let mut gaps = 0_u32;
    for (line, before) in lines.iter().zip(std::iter::once(None).chain(lines.iter().map(Some))) {
        let words = between(before, line);
        gaps = gaps.saturating_add(u32::from(words.starts_with("GAP")));
        let cells = [
            text(work.book.account_path(&line.account)),
            said(line.from),
            said(line.to),
            money(line.opening),
            money(line.closing),
            text(words),
        ];
        page.row(&format!("r-{}", line.id), &cells);
    }
    page.end();
    page.paragraph(&format!("{} statements, {gaps} gaps.", lines.len()));
    put(work, "statements", title, page)
}
