//! What the schema of the file does not check: currency, amounts, sum, ids, letters, days.

use super::latin::sepa_text;
use super::{
    Changed, MAX_ID, MAX_MINOR, MAX_NAME, MAX_PAYMENTS, MAX_REMITTANCE, MAX_TOWN, Order, Payment,
    Version,
};
use commonhold_core::iban::Bic;
use commonhold_core::{Currency, Problem};
use std::collections::HashMap;

/// An order whose texts fit the file.
pub(super) struct Ready {
    pub debtor_name: String,
    pub payments: Vec<Texts>,
    pub count: u32,
    /// Cents.
    pub sum: i64,
    pub changed: Vec<Changed>,
}

/// The texts of one payment as they stand in the file.
pub(super) struct Texts {
    pub creditor_name: String,
    /// Town and country, or no address at all.
    pub address: Option<(String, String)>,
    pub remittance: String,
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    changed: Vec<Changed>,
}

impl Found {
    fn problem(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(field, message));
    }

    /// A text in the SEPA set, cut to a length; what was changed is noted.
    fn text(&mut self, field: &str, given: &str, most: usize) -> String {
        let text: String = sepa_text(given).chars().take(most).collect();
        let text = text.trim_end().to_owned();
        if text != given {
            self.changed.push(Changed {
                what: field.to_owned(),
                from: given.to_owned(),
                to: text.clone(),
            });
        }
        text
    }

    /// A name, which must still say something in the SEPA set.
    fn name(&mut self, field: &str, given: &str, whose: &str) -> String {
        let name = self.text(field, given, MAX_NAME);
        if given.trim().is_empty() {
            self.problem(field, format!("The name of {whose} is missing."));
        } else if !name.chars().any(|c| c.is_ascii_alphanumeric()) {
            self.problem(
                field,
                format!(
                    "Nothing of the name of {whose} can be written in a payment file; write it in \
                     Latin letters."
                ),
            );
        }
        name
    }

    /// An id: at most 35 characters of the SEPA set, no slash at either end, no two in a row.
    fn id(&mut self, field: &str, id: &str, what: &str) {
        let wrong = if id.trim().is_empty() {
            "is missing"
        } else if id.chars().count() > MAX_ID {
            "is longer than 35 characters"
        } else if !id.chars().all(super::latin::belongs) {
            "may hold letters without accents, digits, spaces and / - ? : ( ) . , ' + only"
        } else if id.starts_with('/') || id.ends_with('/') || id.contains("//") {
            "must not begin or end with a slash nor hold two in a row"
        } else if id.trim() != id {
            "must not begin or end with a space"
        } else {
            return;
        };
        self.problem(field, format!("{what} {wrong}."));
    }

    /// The older version knows fewer BICs.
    fn bic(&mut self, field: &str, version: Version, bic: Option<&Bic>) {
        let Some(bic) = bic.filter(|_| version == Version::V03) else {
            return;
        };
        let code = bic.code().as_bytes();
        let prefix = code.iter().take(6).all(u8::is_ascii_uppercase);
        let location = !matches!(code.get(6), Some(b'0' | b'1')) && code.get(7) != Some(&b'O');
        if !prefix || !location {
            self.problem(
                field,
                format!("Version 03 cannot hold the BIC {bic}; leave it out, or write version 09."),
            );
        }
    }
}

fn days(order: &Order, found: &mut Found) {
    // RFC 3339 with a year of four digits: what the file can hold.
    if order.created.0 < 0 || order.created.to_string().len() != 20 {
        found.problem("created", "The moment of writing is outside the years 1970 to 9999.");
        return;
    }
    // The caller's day may be one behind the day in UTC.
    let today = order.created.date();
    if order.execute_on.next() < today {
        found.problem(
            "execute_on",
            format!("The day of payment, {}, is over; choose a later one.", order.execute_on),
        );
    }
    if order.execute_on.month().index() > today.month().index().saturating_add(12) {
        found.problem(
            "execute_on",
            format!(
                "The day of payment, {}, is more than a year away; no bank keeps an order so long.",
                order.execute_on
            ),
        );
    }
}

fn amount(payment: &Payment, number: usize, found: &mut Found) -> i64 {
    let field = format!("payments/{number}/amount");
    let amount = payment.amount;
    if amount.currency != Currency::EUR {
        found.problem(
            &field,
            format!(
                "Payment {number} is in {}; SEPA credit transfers carry euros only.",
                amount.currency
            ),
        );
        return 0;
    }
    if amount.minor <= 0 || amount.minor > MAX_MINOR {
        found.problem(
            &field,
            format!(
                "Payment {number} is {amount}; the amount must lie between 0.01 and 999999999.99 \
                 EUR."
            ),
        );
        return 0;
    }
    amount.minor
}

fn address(
    order: &Order,
    payment: &Payment,
    number: usize,
    found: &mut Found,
) -> Option<(String, String)> {
    let (town, country) = (&payment.creditor_town, &payment.creditor_country);
    if let Some(country) = country
        && (country.len() != 2 || !country.bytes().all(|c| c.is_ascii_uppercase()))
    {
        found.problem(
            &format!("payments/{number}/creditor_country"),
            format!("The country of payment {number} must be two capital letters, such as DE."),
        );
        return None;
    }
    let given = [town.as_deref(), country.as_deref()];
    let from = given.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let what = format!("payments/{number}/creditor_town");
    if let ([Some(town), Some(country)], Version::V09) = (given, order.version) {
        let town = found.text(&what, town, MAX_TOWN);
        if town.chars().any(|c| c.is_ascii_alphanumeric()) {
            return Some((town, country.to_owned()));
        }
        found.changed.retain(|change| change.what != what);
    }
    // Half an address, or one the rules of the older version have no place for.
    if !from.trim().is_empty() {
        found.changed.push(Changed { what, from, to: String::new() });
    }
    None
}

/// Looks at the whole order; everything wrong with it, or the texts to write.
pub(super) fn check(order: &Order) -> Result<Ready, Vec<Problem>> {
    let mut found = Found::default();
    found.id("message_id", &order.message_id, "The id of the file");
    days(order, &mut found);
    let debtor_name = found.name("debtor_name", &order.debtor_name, "the payer");
    found.bic("debtor_bic", order.version, order.debtor_bic.as_ref());
    if order.payments.is_empty() {
        found.problem("payments", "There is nothing to pay: the order has no payments.");
    }
    if order.payments.len() > MAX_PAYMENTS {
        found.problem("payments", "One file holds at most 10,000 payments; make several.");
        return Err(found.problems);
    }
    let mut payments = Vec::with_capacity(order.payments.len());
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut sum: i64 = 0;
    for (payment, number) in order.payments.iter().zip(1_usize..) {
        let field = |name: &str| format!("payments/{number}/{name}");
        let id = field("end_to_end_id");
        found.id(&id, &payment.end_to_end_id, &format!("The end-to-end id of payment {number}"));
        if let Some(first) = ids.insert(&payment.end_to_end_id, number) {
            found.problem(
                &id,
                format!("Payments {first} and {number} have the same end-to-end id."),
            );
        }
        sum = sum.saturating_add(amount(payment, number, &mut found));
        found.bic(&field("creditor_bic"), order.version, payment.creditor_bic.as_ref());
        let whose = format!("the payee of payment {number}");
        payments.push(Texts {
            creditor_name: found.name(&field("creditor_name"), &payment.creditor_name, &whose),
            address: address(order, payment, number, &mut found),
            remittance: found.text(&field("remittance"), &payment.remittance, MAX_REMITTANCE),
        });
    }
    if !found.problems.is_empty() {
        return Err(found.problems);
    }
    let count = u32::try_from(payments.len()).unwrap_or(u32::MAX);
    Ok(Ready { debtor_name, payments, count, sum, changed: found.changed })
}
