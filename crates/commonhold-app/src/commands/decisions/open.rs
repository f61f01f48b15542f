//! Rules, and opening a proposal under one.

use super::regular::holders;
use super::types::RuleView;
use crate::app::App;
use crate::commands::{count, records};
use crate::failure::{Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::framework::votes_v1;
use commonhold_core::id::BookId;
use commonhold_core::json;
use commonhold_core::projection::State;
use commonhold_core::records::governance::proposal::Proposal;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::reports::governance::tally::sentence;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId, Time};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be proposed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct NewProposal {
    /// The question in one line.
    pub title: String,
    /// What is proposed, and why (Markdown).
    pub text: String,
    /// The name of the rule.
    pub rule: String,
    /// What can be chosen, where the rule leaves that open.
    pub options: Vec<String>,
    /// How many days it is open; nothing: as few as the rule allows.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub days: Option<i64>,
    /// The kind of the record it would change or carry out.
    pub about_kind: Option<String>,
    /// That record.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub about: Option<RecordId>,
    /// Conflicts of interest.
    pub conflicts: Vec<String>,
    /// The phase the service enters if it passes.
    #[cfg_attr(test, ts(optional = nullable))]
    pub phase: Option<String>,
    /// The firing of a scenario that opens it.
    #[cfg_attr(test, ts(optional = nullable, type = "string"))]
    pub firing: Option<RecordId>,
}

/// The rules of a name: the service's own, else the framework's.
pub(super) fn rule_named(
    reader: &Reader,
    book: &BookId,
    name: &str,
) -> Result<Vec<(Option<RecordId>, Rule)>, Failure> {
    let rows = reader.with(book, Kind::Rule, "name", name)?;
    let own: Vec<(Option<RecordId>, Rule)> = rows
        .into_iter()
        .filter(|row| row.state == State::Ok)
        .filter_map(|row| {
            let rule = serde_json::from_value(Value::Object(row.fields)).ok()?;
            Some((Some(row.id), rule))
        })
        .collect();
    if !own.is_empty() {
        return Ok(own);
    }
    Ok(votes_v1::rule(name).map(|rule| (None, rule)).into_iter().collect())
}

/// Everybody who belongs, with their roles on a day.
fn people(
    reader: &Reader,
    book: &BookId,
    day: Date,
) -> Result<BTreeMap<RecordId, BTreeSet<Role>>, Failure> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    let active = state.people().into_iter().filter(|person| state.is_active(*person));
    Ok(active.map(|person| (person, state.roles(person, day))).collect())
}

/// All rules a proposal can be opened under: the framework's, and the service's own, which stand
/// in for those of the same name.
pub fn rules(app: &mut App, book: &BookId) -> Result<Vec<RuleView>, Failure> {
    let (today, now) = (app.today(), app.now());
    let roles = match app.store() {
        Ok(store) => store.writer(book, now).map(|writer| writer.roles).unwrap_or_default(),
        Err(_) => BTreeSet::new(),
    };
    let reader = app.reader();
    let people = people(reader, book, today)?;
    let mut names: Vec<String> = votes_v1::rules().into_iter().map(|rule| rule.name).collect();
    reader.each(book, Kind::Rule, &mut |row| {
        let name = row.fields.get("name").and_then(Value::as_str).unwrap_or_default();
        if row.state == State::Ok && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        true
    })?;
    let mut views = Vec::new();
    for name in names {
        for (record, rule) in rule_named(reader, book, &name)? {
            let roll = holders(&people, &rule.electorate).len();
            views.push(RuleView {
                sentence: sentence(&rule, roll),
                roll: count(roll),
                may_propose: !roles.is_disjoint(&rule.may_propose()),
                record,
                rule,
            });
        }
    }
    Ok(views)
}

/// Opens a proposal: freezes its rule and its roll.
pub fn proposal_open(app: &mut App, book: &BookId, new: &NewProposal) -> Result<RecordId, Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    let known = rule_named(app.reader(), book, &new.rule)?;
    let rule = match known.as_slice() {
        [(_, rule)] => rule.clone(),
        [] => {
            return Err(Failure::new(Code::NotFound, format!("There is no rule “{}”.", new.rule))
                .hint("List the rules with: commonhold proposal rules."));
        }
        _ => {
            return Err(Failure::new(
                Code::Invalid,
                format!("Several rules are called “{}”.", new.rule),
            )
            .hint("Withdraw all but one of them first."));
        }
    };
    if writer.roles.is_disjoint(&rule.may_propose()) {
        let roles: Vec<Role> = rule.may_propose().into_iter().collect();
        return Err(Failure::new(
            Code::NotAllowed,
            format!("To open this, one must be {}.", Role::in_words(&roles)),
        )
        .hint("Ask somebody with that role to open it."));
    }
    let opened = Time(now.0.saturating_sub(now.0.rem_euclid(1000)));
    let days = new.days.unwrap_or(rule.open_days_min).max(0);
    let hours = if days == 0 { 1 } else { days.saturating_mul(24) };
    let people = people(app.reader(), book, opened.date())?;
    let list = |roles: &[String]| -> Vec<String> {
        holders(&people, roles).iter().map(ToString::to_string).collect()
    };
    let mut options = Proposal::options_of(&rule).unwrap_or_else(|| new.options.clone());
    if let (None, Some(default)) = (Proposal::options_of(&rule), &rule.default_option)
        && !options.contains(default)
    {
        options.push(default.clone());
    }
    let proposal = Proposal {
        title: new.title.trim().to_owned(),
        text: new.text.clone(),
        terms: rule.terms(),
        options,
        opened: Some(opened),
        closes: Some(opened.plus_hours(hours)),
        roll: list(&rule.electorate),
        vetoers: list(&rule.veto),
        seconders: list(&rule.second_roles),
        person: writer.person,
        about_kind: new.about_kind.clone(),
        about: new.about,
        conflicts: new.conflicts.clone(),
        phase: new.phase.clone(),
        firing: new.firing,
        rule: rule.name,
    };
    records::add(app, book, Kind::Proposal, json::fields(&proposal))
}
