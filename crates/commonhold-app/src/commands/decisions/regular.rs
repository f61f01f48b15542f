//! Whether a proposal was opened as it must be: by somebody who may, with the roll of those who
//! could vote as far as its proposer had seen, and on the terms of its rule.

use super::open::rule_named;
use crate::failure::Failure;
use commonhold_core::authority::Role;
use commonhold_core::id::BookId;
use commonhold_core::projection::State;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// Whether it has no result for it.
    pub irregular: bool,
    /// Sentences.
    pub remarks: Vec<String>,
}

/// Who has one of some roles.
pub(super) fn holders(
    people: &BTreeMap<RecordId, BTreeSet<Role>>,
    roles: &[String],
) -> BTreeSet<RecordId> {
    let wanted = Rule::roles(roles);
    let holds = |(_, held): &(&RecordId, &BTreeSet<Role>)| !held.is_disjoint(&wanted);
    people.iter().filter(holds).map(|(person, _)| *person).collect()
}

/// Looks a proposal over. The same records and statements give the same answer everywhere.
pub(super) fn look_over(reader: &Reader, book: &BookId, vote: &Vote) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut wrong = |what: &str| {
        found.irregular = true;
        found.remarks.push(what.to_owned());
    };
    if vote.written_twice {
        wrong("It was written twice, differently, so nobody knows what was asked.");
    }
    let day = vote.proposal.opened.unwrap_or_default().date();
    let Some(row) = reader.record(book, Kind::Proposal, &vote.id)? else { return Ok(found) };
    let author = vote.proposal.person;
    if let Some(seen) = reader.seen_by_author(book, (&row, Kind::Proposal), (author, day))? {
        let lists = [
            ("The roll is", &vote.proposal.roll, &vote.rule.electorate),
            ("Those who may veto are", &vote.proposal.vetoers, &vote.rule.veto),
            ("Those who may second are", &vote.proposal.seconders, &vote.rule.second_roles),
        ];
        for (what, list, roles) in lists {
            let right = holders(&seen, roles);
            let named: BTreeSet<RecordId> = list.iter().filter_map(|id| id.parse().ok()).collect();
            if named != right {
                let (missing, more) =
                    (right.difference(&named).count(), named.difference(&right).count());
                wrong(&format!(
                    "{what} not what the roles gave when it was opened: {missing} missing, \
                     {more} too many."
                ));
            }
        }
        let roles = seen.get(&author).cloned().unwrap_or_default();
        if roles.is_disjoint(&vote.rule.may_propose()) {
            wrong("Its proposer had no role that may open it.");
        }
    }
    fired(reader, book, vote, &mut found)?;
    terms(reader, book, vote, &mut found)?;
    Ok(found)
}

/// Whether what opened it is on record: a firing of the scenario it is about.
fn fired(reader: &Reader, book: &BookId, vote: &Vote, found: &mut Found) -> Result<(), Failure> {
    let Some(firing) = vote.proposal.firing else { return Ok(()) };
    let about = vote.proposal.about.map(|id| id.to_string());
    let row = reader.record(book, Kind::Firing, &firing)?;
    let right = row.is_some_and(|row| {
        let scenario = row.fields.get("scenario").and_then(Value::as_str);
        row.state == State::Ok && scenario.is_some() && scenario == about.as_deref()
    });
    if !right {
        found.irregular = true;
        found.remarks.push("The firing it names is not on record.".to_owned());
    }
    Ok(())
}

/// Compares the frozen terms with the rule of their name.
fn terms(reader: &Reader, book: &BookId, vote: &Vote, found: &mut Found) -> Result<(), Failure> {
    let frozen = vote.rule.terms();
    let known = rule_named(reader, book, &vote.proposal.rule)?;
    if known.iter().any(|(_, rule)| rule.terms() == frozen) {
        return Ok(());
    }
    let opened = vote.proposal.opened.unwrap_or_default();
    for id in known.iter().filter_map(|(id, _)| *id) {
        let Some(row) = reader.record(book, Kind::Rule, &id)? else { continue };
        let newest = reader.history(book, &row, Kind::Rule)?.iter().map(|step| step.time).max();
        if newest.is_some_and(|newest| newest > opened) {
            let what = "Its rule was changed since; this vote goes by the rule as it stood.";
            found.remarks.push(what.to_owned());
            return Ok(());
        }
    }
    found.irregular = true;
    found.remarks.push(format!("Its terms are not those of the rule “{}”.", vote.proposal.rule));
    Ok(())
}
