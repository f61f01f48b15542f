//! What people write.

use crate::Failed;
use crate::device::Aside;
use crate::model::{Knowledge, Model, What, Written};
use crate::world::{World, fields, key};
use commonhold_core::document::Edit;
use commonhold_core::id::LogId;
use commonhold_core::projection::State;
use commonhold_core::store::{Act, Error};
use commonhold_core::{Currency, Kind, Money, RecordId};
use serde_json::json;

/// The document of the bills.
const LEDGER: &str = "ledger/2026";

/// Something to write.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it is.
    pub what: What,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub id: RecordId,
    /// Whether it is about the writer's own person.
    pub own: bool,
    /// What is written.
    pub act: Act,
}

impl World {
    /// A bill of so many cents.
    pub fn bill(&self, cents: i64, corrects: Option<RecordId>) -> serde_json::Value {
        let amount = |minor| Money::new(minor, Currency::EUR).to_string();
        let records = &self.records;
        let mut bill = json!({"date": "2026-05-04", "narration": "Hosting", "postings": [
            {"account": records.bank, "amount": amount(-cents), "fund": records.fund},
            {"account": records.hosting, "amount": amount(cents), "fund": records.fund}]});
        if let (Some(of), Some(bill)) = (corrects, bill.as_object_mut()) {
            bill.insert("corrects".to_owned(), json!(of));
        }
        bill
    }

    /// Something a device might write now, also what it may not.
    pub fn plan(&mut self, who: usize) -> Result<Option<Plan>, Failed> {
        let kinds = [0, 0, 0, 1, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8];
        let roll = self.chance.pick(&kinds).unwrap_or(0);
        let person = self.device(who)?.person;
        let id = self.fresh();
        let cents = 1 + i64::try_from(self.chance.below(1_000_000)).unwrap_or(0);
        let word = format!("w{}", &id.simple().to_string().get(20..).unwrap_or_default());
        Ok(match roll {
            0 => {
                Some(entry(What::Bill(cents, None), Kind::Transaction, id, self.bill(cents, None)))
            }
            1 => self.known_bill(who)?.map(|target| {
                let value = json!({"kind": "transaction", "target": target, "reason": "Wrong"});
                entry(What::Withdrawal(target), Kind::Withdrawal, id, value)
            }),
            2 => self.known_bill(who)?.filter(|target| self.is_first(*target)).map(|of| {
                let bill = self.bill(cents, Some(of));
                entry(What::Bill(cents, Some(of)), Kind::Transaction, id, bill)
            }),
            3 => self.known_bill(who)?.map(|target| {
                let value = json!({"kind": "transaction", "target": target, "person": person,
                                   "verdict": "approve"});
                entry(What::Voice(Kind::Approval), Kind::Approval, id, value)
            }),
            4 => self.plan_word(who, word)?,
            5 => Some(self.plan_ballot(person, id)),
            6 => Some(field(("charter", Kind::Person), person, ("note", word), true)),
            7 => {
                let fund = self.records.fund;
                Some(field(("charter", Kind::Fund), fund, ("purpose", word), false))
            }
            _ => Some(self.plan_secret(id, word)),
        })
    }

    fn plan_ballot(&self, person: RecordId, id: RecordId) -> Plan {
        let proposal = self.records.proposal;
        let value = json!({"proposal": proposal, "voter": person, "seq": 1, "choice": "yes"});
        let plan = entry(What::Voice(Kind::Ballot), Kind::Ballot, id, value);
        Plan { act: Act { document: format!("proposal/{proposal}"), ..plan.act }, ..plan }
    }

    fn plan_secret(&self, id: RecordId, word: String) -> Plan {
        let what = What::Field(Kind::Secret, "label", word.clone());
        let value = json!({"label": word, "system": "dns", "kind": "token", "blast_radius": 2});
        let edit = Edit::Fields(key(Kind::Secret, id), fields(value));
        let act = Act { document: "vault".to_owned(), edit };
        Plan { what, kind: Kind::Secret, id, own: false, act }
    }

    /// A word put between two lines of a page as a device shows it.
    fn plan_word(&mut self, who: usize, word: String) -> Result<Option<Plan>, Failed> {
        let (book, pages) = (self.book, self.records.pages.clone());
        let Some(id) = self.chance.pick(&pages) else { return Ok(None) };
        let Some(row) = self.device(who)?.store()?.record(&book, Kind::Page, &id)? else {
            return Ok(None);
        };
        let base = row.fields.get("body").and_then(|body| body.as_str()).unwrap_or_default();
        let mut lines: Vec<&str> = base.lines().collect();
        lines.insert(self.chance.below(lines.len() + 1), &word);
        let text = lines.join("\n") + "\n";
        let (field, base) = ("body".to_owned(), Some(base.to_owned()));
        let edit = Edit::Text { key: key(Kind::Page, id), field, base, text };
        let act = Act { document: format!("page/{id}"), edit };
        Ok(Some(Plan { what: What::Word(word.clone()), kind: Kind::Page, id, own: false, act }))
    }

    /// A bill a device shows and that counts there.
    fn known_bill(&mut self, who: usize) -> Result<Option<RecordId>, Failed> {
        let bills = self.model.written.iter();
        let bills = bills.filter(|written| matches!(written.what, What::Bill(..)));
        let bills: Vec<RecordId> = bills.map(|written| written.id).collect();
        let Some(id) = self.chance.pick(&bills) else { return Ok(None) };
        let book = self.book;
        let state = self.device(who)?.store()?.state(&book, Kind::Transaction, &id)?;
        Ok((state == Some(State::Ok)).then_some(id))
    }

    /// Whether a bill corrects nothing: corrections of corrections are tested elsewhere.
    fn is_first(&self, bill: RecordId) -> bool {
        let known = self.model.written.iter().find(|written| written.id == bill);
        known.is_some_and(|written| matches!(written.what, What::Bill(_, None)))
    }

    /// Somebody writes something; the power may go meanwhile.
    pub fn write_something(&mut self, who: usize) -> Result<(), Failed> {
        let crash = self.chance.one_in(12);
        let Some(plan) = self.plan(who)? else { return Ok(()) };
        let (book, now) = (self.book, self.clock(who));
        let before = if crash { Some(self.device(who)?.files()?) } else { None };
        let store = self.device(who)?.store()?;
        let known = Knowledge::of(store, &book)?;
        let act = std::slice::from_ref(&plan.act);
        let said = match store.write(&book, now, act, &mut |_| true) {
            Err(Error::Copied) => {
                self.renew(who)?;
                self.device(who)?.store()?.write(&book, now, act, &mut |_| true)
            }
            other => other,
        };
        let place = self.device(who)?.end_of_log(&book)?;
        if let Some(before) = before {
            let mut chance = self.chance.fork();
            let lost = self.device(who)?.crash(Some(&before), &mut chance)?;
            self.trace.count("crashes");
            self.trace.add("commits lost in crashes", u64::try_from(lost).unwrap_or(0));
        }
        let there = self.device(who)?.end_of_log(&book)? >= place;
        self.note(who, &plan, (&known, &said), there.then_some(place))
    }

    /// What came of a write.
    pub fn note(
        &mut self,
        who: usize,
        plan: &Plan,
        (known, said): (&Knowledge, &Result<bool, Error>),
        there: Option<(LogId, u64)>,
    ) -> Result<(), Failed> {
        let device = self.device(who)?.store()?.device();
        Model::agrees(known, (&device, plan.kind, plan.own), said)
            .map_err(|failed| Failed(format!("on device {who} {}", failed.0)))?;
        let outcome = match said {
            Ok(_) if there.is_some() => "done",
            Ok(_) => "lost with the power",
            Err(_) => "not let",
        };
        let (step, what) = (self.step, &plan.what);
        self.trace.say(format!("{step} device {who} writes {what:?} {}: {outcome}", plan.id));
        match (said, there) {
            (Ok(_), Some(place)) => {
                let (what, id, person) = (plan.what.clone(), plan.id, self.device(who)?.person);
                let (by, sure, orphaned) = (who, true, false);
                // Who withdraws needs a role of what is withdrawn, too; that is judged by readers.
                let allowed =
                    plan.kind != Kind::Withdrawal || known.may(&device, Kind::Transaction, false);
                let written = Written { what, id, person, by, place, sure, allowed, orphaned };
                self.model.written.push(written);
                self.trace.count("writes acknowledged");
            }
            (Ok(_), None) => {}
            (Err(_), _) => self.trace.count("writes not let"),
        }
        Ok(())
    }

    /// Something to be written in the middle of an exchange.
    pub fn plan_aside(&mut self, who: usize) -> Result<Option<(Plan, Aside)>, Failed> {
        if !self.chance.one_in(5) {
            return Ok(None);
        }
        let after = 1 + u64::try_from(self.chance.below(12)).unwrap_or(0);
        let now = self.clock(who);
        let plan = self.plan(who)?;
        Ok(plan.map(|plan| {
            let act = plan.act.clone();
            (plan, Aside { after, act, now, said: None })
        }))
    }
}

fn entry(what: What, kind: Kind, id: RecordId, value: serde_json::Value) -> Plan {
    let edit = Edit::Entry(key(kind, id), fields(value));
    let act = Act { document: LEDGER.to_owned(), edit };
    Plan { what, kind, id, own: false, act }
}

fn field(
    (document, kind): (&str, Kind),
    id: RecordId,
    (name, word): (&'static str, String),
    own: bool,
) -> Plan {
    let what = What::Field(kind, name, word.clone());
    let edit = Edit::Fields(key(kind, id), fields(json!({name: word})));
    Plan { what, kind, id, own, act: Act { document: document.to_owned(), edit } }
}
