//! Incoming money from people: the record everybody reads names a donor by a pseudonym, and what
//! the bank said of them lies in a sealed contact that can be erased (`finance.history.donations`).
//!
//! A pseudonym is made from the giver's account where the file tells it, so that two devices that
//! import one file, and one giver's gifts of several months, come to the same donor. Where only a
//! name is known, it is made from the row: a name could be found by trying names.

use super::super::sample::{of_purpose, record_with_id};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::iban::Iban;
use commonhold_core::id::{BookId, Hash};
use commonhold_core::json::Fields;
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use commonhold_exchange::import::Draft;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Most characters of a word that is not taken out of what a gift was for.
const SHORT: usize = 3;

/// How payment services are called where they pay out: no givers, and no persons. Each is the
/// beginning of a name; none is one that people have.
const SERVICES: &[&str] = &[
    "stripe",
    "paypal",
    "liberapay",
    "github",
    "open collective",
    "opencollective",
    "gocardless",
    "mollie",
    "adyen",
    "sumup",
    "wise payments",
    "wise europe",
];

/// Whether a name is that of a payment service.
fn is_service(name: &str) -> bool {
    let name = name.to_lowercase();
    let begins = |service: &&str| {
        let rest = name.strip_prefix(*service);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    SERVICES.iter().any(begins)
}

/// Whether givers' names of a format are sealed away unless somebody wants them kept: those of
/// banks and payment services. What Open Collective and GitHub show is public there already, and
/// what a CSV's columns hold is for its mapping to say.
pub(super) fn hides(format: &str) -> bool {
    ["camt", "ofx", "mt940", "paypal", "stripe"].contains(&format)
}

/// The givers met in one import.
pub(super) struct Givers {
    on: bool,
    met: BTreeSet<RecordId>,
}

impl Givers {
    /// None met yet.
    pub(super) fn new(on: bool) -> Self {
        Self { on, met: BTreeSet::new() }
    }

    /// Replaces what a transaction says of its giver by a donor. Returns the edits that write the
    /// donor and the sealed contact, where they are not here yet.
    pub(super) fn seal(
        &mut self,
        app: &mut App,
        book: &BookId,
        draft: &Draft,
        fields: &mut Fields,
    ) -> Result<Vec<Act>, Failure> {
        let name = draft.payee.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let incoming = draft.amount.minor > 0;
        let Some(name) = name.filter(|name| self.on && incoming && !is_service(name)) else {
            return Ok(Vec::new());
        };
        let known = match &draft.counterparty_account {
            Some(account) => format!("account/{account}"),
            None => format!("row/{}", draft.identity),
        };
        let hash = Hash::of(format!("{book}/{known}").as_bytes()).to_string();
        let donor = of_purpose(book, Kind::Donor, &format!("giver/{hash}"));
        let contact = of_purpose(book, Kind::Contact, &format!("giver/{hash}"));
        fields.remove("payee");
        fields.insert("narration".into(), json!(without(&draft.narration, name)));
        fields.insert("donor".into(), json!(donor));
        let there = app.reader().record(book, Kind::Donor, &donor)?.is_some();
        if there || !self.met.insert(donor) {
            return Ok(Vec::new());
        }
        let account = draft.counterparty_account.as_deref();
        let (iban, bank) = match account.map(str::parse::<Iban>) {
            Some(Ok(iban)) => (Some(iban.compact().to_owned()), None),
            _ => (None, account),
        };
        let pseudonym: String = hash.chars().take(8).collect();
        let mut acts = written(
            app,
            book,
            Kind::Donor,
            donor,
            &json!({
                "name": format!("Giver {pseudonym}"), "type": "individual", "consent": false,
                "contact": contact,
            }),
        )?;
        acts.extend(written(
            app,
            book,
            Kind::Contact,
            contact,
            &json!({
                "name": name, "iban": iban, "bank": bank, "note": draft.narration,
            }),
        )?);
        Ok(acts)
    }
}

fn written(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: RecordId,
    fields: &Value,
) -> Result<Vec<Act>, Failure> {
    let fields = fields.as_object().cloned().unwrap_or_default();
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    record_with_id(app, book, kind, id, fields)
}

/// What a gift was for, without the words of the giver's name and without anything that looks like
/// an address or an account.
fn without(narration: &str, name: &str) -> String {
    let plain = |word: &str| {
        word.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let names: BTreeSet<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .filter(|word| !word.is_empty())
        .collect();
    let private = |word: &str| {
        let bare = plain(word);
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        let parts: Vec<String> = word.split(|c: char| !c.is_alphanumeric()).map(plain).collect();
        let named = parts.iter().any(|part| part.chars().count() >= SHORT && names.contains(part));
        named || names.contains(&bare) || word.contains('@') || digits > 8
    };
    let left: Vec<&str> = narration.split_whitespace().filter(|word| !private(word)).collect();
    if left.is_empty() { "Gift".to_owned() } else { left.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::{is_service, without};

    #[test]
    fn a_payment_service_is_no_giver_and_a_person_is() {
        for name in ["Stripe Technology Europe Ltd", "PAYPAL (EUROPE)", "GitHub, Inc.", "SumUp"] {
            assert!(is_service(name), "{name}");
        }
        for name in ["Robert Wise", "Wise", "Stripeman", "Mollieva", "An Open Collective", ""] {
            assert!(!is_service(name), "{name}");
        }
    }

    #[test]
    fn a_name_an_address_and_an_account_are_taken_out() {
        let name = "Mara Lindqvist-Oyelaran";
        let text = "Donation Mara LINDQVIST, m.l@example.org DE89370400440532013000 for June";
        assert_eq!(without(text, name), "Donation for June");
        assert_eq!(without("Mara Lindqvist", name), "Gift");
        assert_eq!(without("Oyelaran/Mara thanks", name), "thanks");
    }
}
