//! Gathering an order: who is paid, from what account, by which way; and what keeps it from being
//! made.

use super::channels::{PayLine, PayOrder, Trouble};
use super::orders::BatchOrder;
use super::prepare::made;
use super::{Seen, view};
use crate::failure::Failure;
use commonhold_core::iban::{Bic, Iban};
use commonhold_core::id::BookId;
use commonhold_core::projection::State;
use commonhold_core::records::finance::account::Account;
use commonhold_core::records::finance::batch::MAX_PAYMENTS;
use commonhold_core::records::finance::channel::Channel;
use commonhold_core::records::finance::expense::Expense;
use commonhold_core::records::governance::contact::Contact;
use commonhold_core::reports::finance::payments::end_to_end_id;
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId};
use commonhold_exchange::export::pain001::Version;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// An order, with what stands against it and what is to be looked at.
pub(super) struct Gathered {
    pub order: PayOrder,
    pub channel: String,
    pub troubles: Vec<Trouble>,
    pub warnings: Vec<Trouble>,
}

fn record<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
) -> Result<Option<R>, Failure> {
    let row = reader.record(book, kind, id)?.filter(|row| row.state == State::Ok);
    Ok(row.and_then(|row| serde_json::from_value(Value::Object(row.fields)).ok()))
}

/// How an expense leaves; to the bank where it does not say.
pub(super) fn channel_of(expense: &Expense) -> &str {
    expense.channel.as_deref().filter(|name| !name.is_empty()).unwrap_or("bank")
}

pub(super) struct Gatherer<'a> {
    pub reader: &'a Reader,
    pub book: &'a BookId,
    pub seen: &'a Seen,
}

impl Gatherer<'_> {
    /// Gathers an order of these expenses, in the order they are due.
    pub fn gather(&self, wanted: &BatchOrder, message_id: &str) -> Result<Gathered, Failure> {
        let now = self.seen.desk.facts.now;
        let mut order = PayOrder {
            message_id: message_id.to_owned(),
            created: now,
            execute_on: wanted.execute_on.unwrap_or_else(|| now.date()),
            payer_name: String::new(),
            payer_iban: None,
            payer_bic: None,
            collective: None,
            version: Version::default(),
            lines: Vec::new(),
        };
        let (mut troubles, mut warnings) = (Vec::new(), Vec::new());
        match wanted.version.as_deref() {
            None | Some("" | "09" | "pain.001.001.09") => {}
            Some("03" | "pain.001.001.03") => order.version = Version::V03,
            Some(other) => {
                troubles.push((None, format!("“{other}” is not a version; say 09 or 03.")));
            }
        }
        let channel = self.channel(wanted, &mut troubles);
        self.payer(&wanted.account, &channel, &mut order, &mut troubles)?;
        if wanted.expenses.len() > MAX_PAYMENTS {
            troubles.push((None, "One file holds at most 5,000 payments; make several.".into()));
            return Ok(Gathered { order, channel, troubles, warnings });
        }
        for (id, short) in self.seen.desk.in_order(&wanted.expenses) {
            self.line(&id, short, &channel, (&mut order, &mut troubles, &mut warnings))?;
        }
        let known = &self.seen.desk.facts.expenses;
        for id in wanted.expenses.iter().filter(|id| !known.contains_key(id)) {
            troubles.push((Some(*id), format!("There is no expense with the id {id}.")));
        }
        Ok(Gathered { order, channel, troubles, warnings })
    }

    /// The one way these expenses leave.
    fn channel(&self, wanted: &BatchOrder, troubles: &mut Vec<Trouble>) -> String {
        let facts = &self.seen.desk.facts;
        let items = wanted.expenses.iter().filter_map(|id| facts.expenses.get(id));
        let channels: BTreeSet<&str> = items.clone().map(|i| channel_of(&i.record)).collect();
        let currencies: BTreeSet<_> =
            items.filter_map(|i| i.record.amount).map(|amount| amount.currency).collect();
        if wanted.expenses.is_empty() {
            troubles.push((None, "There is nothing to pay: choose what is to be paid.".into()));
        }
        if channels.len() > 1 {
            let names: Vec<&str> = channels.iter().copied().collect();
            let said =
                format!("These leave in different ways ({}); pay each apart.", names.join(", "));
            troubles.push((None, said));
        }
        if currencies.len() > 1 {
            troubles.push((None, "One file holds one currency; pay each apart.".into()));
        }
        channels.first().map_or("bank", |name| name).to_owned()
    }

    /// Who pays, and from what.
    fn payer(
        &self,
        account: &RecordId,
        channel: &str,
        order: &mut PayOrder,
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), Failure> {
        let found = record::<Account>(self.reader, self.book, Kind::Account, account)?;
        let Some(account_record) = found.filter(|a| a.account_type == "asset") else {
            troubles.push((None, "What pays must be an asset account of this service.".into()));
            return Ok(());
        };
        order.payer_name = view::service_name(self.reader, self.book)?;
        if channel == "open-collective" {
            order.collective = self.collective(account)?;
        }
        let path = &account_record.path;
        let contact = account_record.contact;
        let contact = contact
            .map(|id| record::<Contact>(self.reader, self.book, Kind::Contact, &id))
            .transpose()?
            .flatten();
        match contact {
            Some(contact) => {
                order.payer_name = contact.name.clone();
                match contact.iban.as_deref().map(str::parse::<Iban>) {
                    Some(Ok(iban)) => order.payer_iban = Some(iban),
                    Some(Err(why)) => troubles.push((None, format!("The IBAN of {path}: {why}"))),
                    None if channel == "bank" => {
                        troubles.push((None, format!("The contact of {path} has no IBAN.")));
                    }
                    None => {}
                }
                order.payer_bic = contact.bic.as_deref().and_then(|bic| bic.parse::<Bic>().ok());
            }
            None if channel == "bank" => troubles.push((
                None,
                format!(
                    "{path} names no contact with its bank details; add one with the holder's \
                     name and the IBAN, and name it in the account."
                ),
            )),
            None => {}
        }
        Ok(())
    }

    /// The collective whose money lies in an account, by the way to give that names it.
    fn collective(&self, account: &RecordId) -> Result<Option<String>, Failure> {
        let mut found = None;
        self.reader.each(self.book, Kind::Channel, &mut |row| {
            let channel: Option<Channel> = (row.state == State::Ok)
                .then(|| serde_json::from_value(Value::Object(row.fields)).ok())
                .flatten();
            let url = channel.filter(|c| c.account.as_ref() == Some(account)).and_then(|c| c.url);
            let slug = url.as_deref().and_then(|url| {
                let rest = url.trim_start_matches("https://").trim_start_matches("www.");
                rest.strip_prefix("opencollective.com/")?.split(['/', '?', '#']).next()
            });
            found = slug.filter(|slug| !slug.is_empty()).map(str::to_owned);
            found.is_none()
        })?;
        Ok(found)
    }

    /// One payment, or what stands against it.
    fn line(
        &self,
        id: &RecordId,
        short: Option<String>,
        channel: &str,
        (order, troubles, warnings): (&mut PayOrder, &mut Vec<Trouble>, &mut Vec<Trouble>),
    ) -> Result<(), Failure> {
        let desk = &self.seen.desk;
        let (Some(item), Some(standing)) = (desk.facts.expenses.get(id), desk.expenses.get(id))
        else {
            return Ok(());
        };
        let expense = &item.record;
        let title = &expense.narration;
        if !standing.may_pay() {
            let why = match desk.reason(id) {
                why if why.is_empty() => format!("It is {}.", standing.state.name()),
                why => why,
            };
            troubles.push((Some(*id), format!("{title}: {why}")));
            return Ok(());
        }
        if let Some(short) = short {
            troubles.push((Some(*id), format!("{title}: {short}")));
            return Ok(());
        }
        let (Some(amount), Some(due)) = (expense.amount, expense.due) else { return Ok(()) };
        let payee = desk.facts.payees.get(&expense.payee);
        let name = payee.map_or_else(String::new, |payee| payee.name.clone());
        let contact_id = payee.and_then(|payee| payee.contact);
        let contact = contact_id
            .map(|id| record::<Contact>(self.reader, self.book, Kind::Contact, &id))
            .transpose()?
            .flatten();
        let iban = match where_to(&name, contact_id, contact.as_ref(), channel) {
            Ok(iban) => iban,
            Err(why) => {
                troubles.push((Some(*id), why));
                return Ok(());
            }
        };
        if let (Some(contact_id), true) = (contact_id, iban.is_some()) {
            warnings.extend(self.changed_since(id, &name, &contact_id)?);
        }
        let reference = expense.reference.clone().filter(|text| !text.trim().is_empty());
        let remittance = match &reference {
            Some(reference) => format!("{reference} {title}"),
            None => title.clone(),
        };
        let holder = contact.as_ref().map(|c| c.name.clone()).filter(|n| !n.trim().is_empty());
        order.lines.push(PayLine {
            expense: *id,
            end_to_end_id: end_to_end_id(id, expense),
            amount,
            payee_name: holder.unwrap_or(name),
            iban,
            bic: contact.as_ref().and_then(|c| c.bic.as_deref()?.parse::<Bic>().ok()),
            town: contact.as_ref().and_then(|c| c.town.clone()),
            country: contact.as_ref().and_then(|c| c.country.clone()),
            remittance,
            due,
            reference,
            reimbursement: matches!(
                expense.expense_type.as_str(),
                "reimbursement" | "out-of-pocket"
            ),
        });
        Ok(())
    }

    /// Bank details that were changed after the last approval: an approval names whom to pay, not
    /// where, since that is sealed.
    fn changed_since(
        &self,
        id: &RecordId,
        name: &str,
        contact: &RecordId,
    ) -> Result<Option<Trouble>, Failure> {
        let desk = &self.seen.desk;
        let expense = desk.facts.expenses.get(id).map(|item| &item.record);
        let own = desk.expenses.get(id).map(|standing| &standing.decision);
        let schedule = expense.and_then(|expense| expense.schedule);
        let plan = schedule.and_then(|id| desk.schedules.get(&id)).map(|plan| &plan.decision);
        let words = [own, plan].into_iter().flatten().flat_map(|decision| &decision.words);
        let counted = words.filter(|word| word.void.is_none() && word.approves);
        let approved = counted.filter_map(|word| made(&word.id)).max();
        let Some(row) = self.reader.record(self.book, Kind::Contact, contact)? else {
            return Ok(None);
        };
        let steps = self.reader.history(self.book, &row, Kind::Contact)?;
        let changed = steps.iter().map(|step| step.time).max();
        Ok(match (approved, changed) {
            (Some(approved), Some(changed)) if changed > approved => Some((
                Some(*id),
                format!(
                    "The bank details of {name} were changed on {}, after this was approved; ask \
                     {name} in another way whether they are right.",
                    changed.date()
                ),
            )),
            _ => None,
        })
    }
}

/// The account a payee is paid to; nothing where the way of paying needs none.
fn where_to(
    name: &str,
    contact_id: Option<RecordId>,
    contact: Option<&Contact>,
    channel: &str,
) -> Result<Option<Iban>, String> {
    match contact.and_then(|contact| contact.iban.as_deref()) {
        Some(text) => {
            text.parse().map(Some).map_err(|why| format!("The IBAN of {name} is wrong: {why}"))
        }
        None if channel == "bank" => Err(no_details(name, contact_id, contact.is_some())),
        None => Ok(None),
    }
}

fn no_details(name: &str, contact: Option<RecordId>, here: bool) -> String {
    match (contact, here) {
        (None, _) => format!("{name} has no bank details: name a contact with an IBAN."),
        (Some(_), false) => format!(
            "The bank details of {name} are not on this device; only leadership and treasurers \
             read them."
        ),
        (Some(_), true) => format!("The contact of {name} has no IBAN."),
    }
}
