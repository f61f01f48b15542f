//! An expense for a collective on Open Collective, ready to be typed in there.
//!
//! Nothing is sent, and nothing can be filled in by address: the page's code as published
//! (`opencollective-frontend`) reads `key`, `duplicate`, `expenseId` and `invite` of an address,
//! which are about expenses that are there already, and drops everything else. So there is the
//! plain address of the form, and beside it the draft as a text to copy from.

use commonhold_core::{Date, Money};

/// An expense as the form asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The collective's slug: the first part of its address, such as `mobilizon`.
    pub collective: String,
    /// What the form asks first.
    pub kind: ExpenseKind,
    /// The expense's title.
    pub title: String,
    /// Who is to be paid.
    pub payee: String,
    /// The number on the invoice, if it has one.
    pub invoice_number: Option<String>,
    /// Its lines, at least one.
    pub items: Vec<Item>,
}

/// One line of an expense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it was for.
    pub description: String,
    /// The day it was incurred.
    pub incurred: Date,
    /// How much.
    pub amount: Money,
}

/// What the form asks first: who has paid already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpenseKind {
    /// Work or goods are billed; the invoice is paid to who wrote it.
    Invoice,
    /// Somebody has paid and is to be paid back; a receipt is needed for each line.
    Reimbursement,
}

impl ExpenseKind {
    /// The form's own word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::Reimbursement => "Reimbursement",
        }
    }
}

/// The address of the form of a collective, with nothing filled in; a sentence when the slug could
/// lead elsewhere.
pub fn draft_url(collective: &str) -> Result<String, String> {
    let slug = collective.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if slug.is_empty() || slug.len() > 255 || !slug.chars().all(plain) {
        return Err(
            "The collective's name must be as in its address on Open Collective: letters, \
                    digits and hyphens only."
                .into(),
        );
    }
    Ok(format!("https://opencollective.com/{slug}/expenses/new"))
}

/// A text on one line.
fn line(text: &str) -> String {
    crate::archive::one_line(text)
}

/// What the lines add up to, for each currency in its order; nothing when it would not fit.
fn totals(items: &[Item]) -> Option<Vec<Money>> {
    let mut totals: Vec<Money> = Vec::new();
    for item in items {
        match totals.iter_mut().find(|total| total.currency == item.amount.currency) {
            Some(total) => *total = total.checked_add(item.amount)?,
            None => totals.push(item.amount),
        }
    }
    Some(totals)
}

impl Draft {
    /// The draft as a text, one field a line in the form's order, to copy from.
    pub fn text(&self) -> String {
        let form = draft_url(&self.collective);
        let mut out = format!(
            "Expense for Open Collective - not sent\n\n\
             Form:     {}\n\
             Type:     {}\n\
             Payee:    {}\n\
             Title:    {}\n",
            form.as_deref().unwrap_or("https://opencollective.com"),
            self.kind.name(),
            line(&self.payee),
            line(&self.title),
        );
        if let Some(number) = &self.invoice_number {
            out.push_str(&format!("Invoice:  {}\n", line(number)));
        }
        for (item, number) in self.items.iter().zip(1_usize..) {
            out.push_str(&format!(
                "\nItem {number}\n  Description: {}\n  Date:        {}\n  Amount:      {}\n",
                line(&item.description),
                item.incurred,
                item.amount
            ));
        }
        if let Some(totals) = totals(&self.items) {
            let totals: Vec<String> = totals.iter().map(Money::to_string).collect();
            out.push_str(&format!("\nTotal:    {}\n", totals.join(" + ")));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_leads_nowhere_else() {
        let url = draft_url(" mobilizon ").unwrap();
        assert_eq!(url, "https://opencollective.com/mobilizon/expenses/new");
        for bad in
            ["", "a/b", "..", "%2e%2e", "a?x=1", "a#y", "ü", "a\nb", "a@b.c", &"a".repeat(256)]
        {
            assert!(draft_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_draft_says_all_the_form_asks() {
        let item = |description: &str, amount: &str| Item {
            description: description.into(),
            incurred: "2026-07-05".parse().unwrap(),
            amount: amount.parse().unwrap(),
        };
        let draft = Draft {
            collective: "harbor".into(),
            kind: ExpenseKind::Invoice,
            title: "Hosting\nJuly".into(),
            payee: "Škoda & Søn".into(),
            invoice_number: Some("R 78".into()),
            items: vec![
                item("Server", "412.35 EUR"),
                item("Domain", "0.65 EUR"),
                item("S3", "5.00 USD"),
            ],
        };
        assert_eq!(
            draft.text(),
            "Expense for Open Collective - not sent\n\n\
             Form:     https://opencollective.com/harbor/expenses/new\n\
             Type:     Invoice\nPayee:    Škoda & Søn\nTitle:    Hosting July\n\
             Invoice:  R 78\n\n\
             Item 1\n  Description: Server\n  Date:        2026-07-05\n  Amount:      412.35 EUR\n\n\
             Item 2\n  Description: Domain\n  Date:        2026-07-05\n  Amount:      0.65 EUR\n\n\
             Item 3\n  Description: S3\n  Date:        2026-07-05\n  Amount:      5.00 USD\n\n\
             Total:    413.00 EUR + 5.00 USD\n"
        );
    }
}
