//! The one place records pass before anything is shown of them: the rule of their kind is kept, and
//! texts go through the gate.

use crate::Error;
use crate::gate::Gate;
use crate::rules::{self, How, Rule, When};
use commonhold_core::date::{Date, Month, Time};
use commonhold_core::id::{BookId, RecordId};
use commonhold_core::json::Fields;
use commonhold_core::projection::{Query, Row, State};
use commonhold_core::records::Kind;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::store::Reader;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A book as the public sees it.
pub struct Public<'a> {
    /// Where it is read.
    pub reader: &'a Reader,
    /// The book.
    pub book: BookId,
    /// The moment it is seen.
    pub at: Time,
    /// The gate.
    pub gate: Gate,
    /// What people are called, by their consent; nothing for who did not agree.
    pub people: BTreeMap<RecordId, Option<String>>,
    /// Givers who agreed to be named.
    donors: BTreeMap<RecordId, String>,
    /// Income accounts.
    income: BTreeSet<RecordId>,
    /// Votes whose ballots are not shown.
    hidden: BTreeSet<RecordId>,
    /// Records of kinds that are shown under a condition, and meet it.
    shown: BTreeSet<RecordId>,
}

fn text<'v>(fields: &'v Fields, name: &str) -> &'v str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn id_in(fields: &Fields, name: &str) -> Option<RecordId> {
    text(fields, name).parse().ok()
}

fn is_yes(fields: &Fields, name: &str) -> bool {
    fields.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A kind by its name, if this version has it.
pub fn kind(name: &str) -> Option<Kind> {
    name.parse().ok()
}

impl<'a> Public<'a> {
    /// Reads who agreed to what, and which records meet the conditions of their kinds.
    pub fn new(reader: &'a Reader, book: BookId, at: Time) -> Result<Self, Error> {
        let mut public = Self {
            reader,
            book,
            at,
            gate: Gate::new(BTreeSet::new()),
            people: BTreeMap::new(),
            donors: BTreeMap::new(),
            income: BTreeSet::new(),
            hidden: BTreeSet::new(),
            shown: BTreeSet::new(),
        };
        let names = public.consents()?;
        public.gate = Gate::new(names);
        public.votes()?;
        public.conditions()?;
        Ok(public)
    }

    /// What, beside its record, decides what is shown of a transaction: who agreed to be named, and
    /// where money comes in.
    pub fn basis(&self) -> String {
        let mut out = String::new();
        for (id, name) in &self.donors {
            out.push_str(&format!("donor {id} {name:?}\n"));
        }
        for id in &self.income {
            out.push_str(&format!("income {id}\n"));
        }
        for name in self.gate.names() {
            out.push_str(&format!("masked {name:?}\n"));
        }
        out
    }

    /// The day.
    pub fn day(&self) -> Date {
        self.at.date()
    }

    /// The beginning of the day: what stamps in files say, so that a page that is written again on
    /// the same day, of the same records, is the same.
    pub fn morning(&self) -> Time {
        format!("{}T00:00:00Z", self.day()).parse().unwrap_or(self.at)
    }

    fn raw(&self, name: &str, visit: &mut dyn FnMut(Row)) -> Result<(), Error> {
        if let Some(kind) = kind(name) {
            self.reader.each(&self.book, kind, &mut |row| {
                visit(row);
                true
            })?;
        }
        Ok(())
    }

    /// Reads consents; the names that must not be shown.
    fn consents(&mut self) -> Result<BTreeSet<String>, Error> {
        let (mut names, mut allowed) = (BTreeSet::new(), BTreeSet::new());
        let (mut people, mut donors) = (BTreeMap::new(), BTreeMap::new());
        self.raw("person", &mut |row| {
            let name = text(&row.fields, "public_name").trim().to_owned();
            let agreed = is_yes(&row.fields, "show_name") && row.state == State::Ok;
            let list = if agreed { &mut allowed } else { &mut names };
            list.insert(name.clone());
            people.insert(row.id, Some(name).filter(|name| agreed && !name.is_empty()));
        })?;
        self.raw("donor", &mut |row| {
            let name = text(&row.fields, "name").trim().to_owned();
            if is_yes(&row.fields, "consent") && row.state == State::Ok {
                allowed.insert(name.clone());
                donors.insert(row.id, name);
            } else {
                names.insert(name);
            }
        })?;
        self.raw("payee", &mut |row| {
            let person = id_in(&row.fields, "person");
            if person.is_some_and(|person| people.get(&person).is_none_or(Option::is_none)) {
                names.insert(text(&row.fields, "name").trim().to_owned());
            }
        })?;
        self.raw("contact", &mut |row| {
            names.insert(text(&row.fields, "name").trim().to_owned());
        })?;
        let mut income = BTreeSet::new();
        self.raw("account", &mut |row| {
            if text(&row.fields, "type") == "income" {
                income.insert(row.id);
            }
        })?;
        (self.people, self.donors, self.income) = (people, donors, income);
        // Who agreed under one record is named, also where another record of theirs says nothing.
        Ok(names.difference(&allowed).filter(|name| !name.is_empty()).cloned().collect())
    }

    fn votes(&mut self) -> Result<(), Error> {
        for vote in Vote::all(self.reader, &self.book)? {
            let open = vote.proposal.closes.is_none_or(|closes| self.at < closes);
            if vote.rule.secret || (vote.rule.hidden_until_close && open) {
                self.hidden.insert(vote.id);
            }
        }
        Ok(())
    }

    /// Finds the records that meet the conditions of their kinds, those others hang on first.
    fn conditions(&mut self) -> Result<(), Error> {
        let day = self.day();
        let mut minutes = BTreeSet::new();
        self.raw("meeting", &mut |row| {
            let published = text(&row.fields, "published").parse::<Date>().ok();
            if row.state == State::Ok && published.is_some_and(|published| published <= day) {
                minutes.extend(id_in(&row.fields, "minutes"));
            }
        })?;
        for name in ["donor", "page", "runbook", "process", "incident", "review", "incident-line"] {
            let Some(rule) = rules::of(name) else { continue };
            let mut found = BTreeSet::new();
            self.raw(name, &mut |row| {
                let fields = &row.fields;
                let date = |field: &str| text(fields, field).parse::<Date>().ok();
                let of_shown =
                    || id_in(fields, "incident").is_some_and(|id| self.shown.contains(&id));
                let holds = match rule.when {
                    When::Consent => is_yes(fields, "consent"),
                    When::Marked => is_yes(fields, "public"),
                    When::Adopted => {
                        text(fields, "kind") == "bylaws"
                            || (text(fields, "kind") == "minutes" && minutes.contains(&row.id))
                    }
                    When::Disclosed => match text(fields, "visibility") {
                        "public" => true,
                        "embargoed" => date("embargo_until").is_some_and(|until| until < day),
                        _ => false,
                    },
                    When::Update => is_yes(fields, "public") && of_shown(),
                    When::Published => date("published").is_some_and(|d| d <= day) && of_shown(),
                    _ => false,
                };
                if holds && row.state == State::Ok {
                    found.insert(row.id);
                }
            })?;
            self.shown.extend(found);
        }
        Ok(())
    }

    /// Whether a record of a kind can be shown at all.
    pub fn may_show(&self, kind: &str, id: &RecordId) -> bool {
        match rules::of(kind).map(|rule| rule.when) {
            None | Some(When::Never(_)) => false,
            Some(When::Always | When::OpenVote | When::About) => true,
            Some(_) => self.shown.contains(id),
        }
    }

    fn holds(&self, rule: &Rule, row: &Row) -> bool {
        let fields = &row.fields;
        row.state == State::Ok
            && match rule.when {
                When::Never(_) => false,
                When::Always => true,
                When::OpenVote => {
                    id_in(fields, "proposal").is_some_and(|id| !self.hidden.contains(&id))
                }
                When::About => match (id_in(fields, "target"), id_in(fields, "about")) {
                    (Some(target), _) => self.may_show(text(fields, "kind"), &target),
                    (None, Some(about)) => self.shown.contains(&about),
                    _ => false,
                },
                _ => self.shown.contains(&row.id),
            }
    }

    /// Whether the ballots of a vote are shown.
    pub fn shows_ballots(&self, proposal: &RecordId) -> bool {
        !self.hidden.contains(proposal)
    }

    /// The fields of a record that are public; nothing when it is not shown.
    pub fn fields(&self, kind: Kind, row: Row) -> Option<Fields> {
        let rule = rules::of(kind.name()).filter(|rule| self.holds(rule, &row))?;
        let gift = kind == Kind::Transaction && self.is_gift(&row.fields);
        let giver = id_in(&row.fields, "donor").filter(|id| self.donors.contains_key(id));
        let kept_back = gift && giver.is_none();
        let mut out = Fields::new();
        for field in rule.fields {
            let Some(value) = row.fields.get(field.name).filter(|value| !value.is_null()) else {
                continue;
            };
            let gated = |value: &Value| self.gated(kind, row.id, field.name, value);
            let shown = match field.how {
                How::Plain => Some(value.clone()),
                How::Text => Some(gated(value)),
                How::Link => is_address(value).then(|| gated(value)),
                How::Name if kind == Kind::Person => {
                    is_yes(&row.fields, "show_name").then(|| gated(value))
                }
                How::Name => giver.map(|id| Value::from(id.to_string())),
                How::Gift => (!kept_back).then(|| gated(value)),
                How::Postings => Some(self.postings(row.id, value, kept_back)),
            };
            if let Some(shown) = shown {
                out.insert(field.name.to_owned(), shown);
            }
        }
        if let Some(name) = giver.and_then(|id| self.donors.get(&id)).filter(|_| gift) {
            out.insert("payee".into(), Value::from(name.as_str()));
        }
        Some(out)
    }

    fn is_gift(&self, fields: &Fields) -> bool {
        let lines = fields.get("postings").and_then(Value::as_array);
        let account = |line: &Value| line.get("account")?.as_str()?.parse::<RecordId>().ok();
        lines
            .into_iter()
            .flatten()
            .any(|line| account(line).is_none_or(|account| self.income.contains(&account)))
    }

    fn gated(&self, kind: Kind, id: RecordId, field: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.gate.pass(kind.name(), id, field, text)),
            Value::Array(items) => {
                items.iter().map(|item| self.gated(kind, id, field, item)).collect()
            }
            other => other.clone(),
        }
    }

    fn postings(&self, id: RecordId, value: &Value, kept_back: bool) -> Value {
        let lines = value.as_array().into_iter().flatten().map(|line| {
            let mut out = Fields::new();
            for name in ["account", "amount", "fund", "price", "memo"] {
                let Some(found) = line.get(name) else { continue };
                if name != "memo" {
                    out.insert(name.to_owned(), found.clone());
                } else if !kept_back {
                    let memo = self.gated(Kind::Transaction, id, "memo", found);
                    out.insert(name.to_owned(), memo);
                }
            }
            Value::Object(out)
        });
        lines.collect()
    }

    /// The records of a kind that are shown, by id.
    pub fn all(&self, name: &str) -> Result<Vec<(RecordId, Fields)>, Error> {
        let mut found = Vec::new();
        if let Some(kind) = kind(name) {
            self.reader.each(&self.book, kind, &mut |row| {
                let id = row.id;
                found.extend(self.fields(kind, row).map(|fields| (id, fields)));
                true
            })?;
        }
        Ok(found)
    }

    /// The same as their kind's type.
    pub fn read<R: DeserializeOwned>(&self, name: &str) -> Result<Vec<(RecordId, R)>, Error> {
        let rows = self.all(name)?.into_iter();
        let typed =
            rows.filter_map(|(id, f)| Some((id, serde_json::from_value(Value::Object(f)).ok()?)));
        Ok(typed.collect())
    }

    /// The transactions of a month up to the day, by day and id.
    pub fn month(&self, month: Month) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        let mut query = Query { limit: 500, month: Some(month.to_string()), ..Query::default() };
        loop {
            let page = self.reader.list(&self.book, Kind::Transaction, &query)?;
            let count = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
            for row in page.rows {
                let id = row.id;
                let fields = self.fields(Kind::Transaction, row);
                let entry = fields.and_then(|f| serde_json::from_value(Value::Object(f)).ok());
                entries.extend(entry.map(|transaction| Entry { id, transaction }));
            }
            query.offset = query.offset.saturating_add(count);
            if count < 500 {
                break;
            }
        }
        let day = self.day();
        entries.retain(|entry| entry.transaction.date.is_some_and(|date| date <= day));
        entries.sort_by_key(|entry| (entry.transaction.date, entry.id));
        Ok(entries)
    }

    /// What somebody is called: by consent their name, else a name that only tells people apart.
    pub fn name(&self, person: &RecordId) -> Option<&str> {
        self.people.get(person).and_then(Option::as_deref)
    }

    /// A sentence of a report as it may be shown.
    pub fn sentence(&self, field: &str, text: &str) -> String {
        self.gate.pass("report", RecordId::nil(), field, text)
    }
}

/// Whether a value is the address of a page.
fn is_address(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>".contains(c));
    plain && (text.starts_with("https://") || text.starts_with("http://"))
}

/// A transaction as the public sees it.
pub struct Entry {
    /// Its id.
    pub id: RecordId,
    /// What is shown of it.
    pub transaction: commonhold_core::records::finance::transaction::Transaction,
}
