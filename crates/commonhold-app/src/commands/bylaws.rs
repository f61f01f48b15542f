//! Bylaws: what the framework leaves open, asked; the text and the rules that come of the answers.

use super::decisions::cited::cite;
use super::records;
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::framework::bylaws::{self, About, Answers, QUESTIONS, Question};
use commonhold_core::framework::facts::Facts;
use commonhold_core::id::Sha256;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Bylaws as the answers given so far make them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BylawsDraft {
    /// What is asked, in order.
    #[cfg_attr(test, ts(type = "Array<import(\"./BylawsQuestion\").BylawsQuestion>"))]
    pub questions: Vec<Question>,
    /// The text, Markdown.
    pub text: String,
    /// The text in German: a translation, which says that the other binds.
    pub german: String,
    /// SHA-256 of the text: a proposal names it, so that everybody votes on the same.
    pub sha256: String,
    /// The rules that differ from the ones built in.
    #[cfg_attr(test, ts(type = "Array<import(\"./Rule\").Rule>"))]
    pub rules: Vec<Rule>,
    /// What the records do not say yet and the text needs, in sentences.
    pub missing: Vec<String>,
    /// The page of this text, where there is one.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub page: Option<RecordId>,
}

fn sound(answers: &Answers) -> Result<(), Failure> {
    let problems = bylaws::check(answers);
    if problems.is_empty() { Ok(()) } else { Err(Failure::invalid(problems)) }
}

/// The bylaws of a service under some answers; questions without one go as the program goes where
/// nothing is decided. Writes nothing.
///
/// # Errors
/// When an answer is none there is.
pub fn draft(
    reader: &Reader,
    book: &BookId,
    answers: &Answers,
    today: Date,
) -> Result<BylawsDraft, Failure> {
    sound(answers)?;
    let facts = Facts::read(reader, book, today)?;
    let shown = facts.with_role(Role::Treasurer).find(|member| member.shown);
    let treasurer = shown.map(|member| member.name.clone());
    let beneficiary = facts.policy.as_ref().and_then(|(_, policy)| policy.beneficiary.clone());
    let periods =
        facts.plan.as_ref().and_then(|(_, plan)| Some((plan.grace_days?, plan.shutdown_days?)));
    let mut missing = Vec::new();
    let mut lacks = |is: bool, sentence: &str| {
        if is {
            missing.push(sentence.to_owned());
        }
    };
    lacks(facts.with_role(Role::Treasurer).next().is_none(), "Nobody is treasurer yet.");
    lacks(
        treasurer.is_none() && facts.with_role(Role::Treasurer).next().is_some(),
        "The treasurer has not agreed to be named in public.",
    );
    lacks(beneficiary.is_none(), "No beneficiary of left-over money is named in the policy.");
    lacks(periods.is_none(), "The shutdown plan does not say the grace and shutdown period.");
    let about = About {
        name: facts.service.name.clone(),
        purpose: facts.service.purpose.clone(),
        treasurer,
        beneficiary,
        periods,
    };
    let text = bylaws::text(&about, answers);
    let german = bylaws::german(&about, answers, &text);
    let same = |page: &&(RecordId, commonhold_core::records::knowledge::page::Page)| {
        page.1.kind == "bylaws" && page.1.body == text
    };
    let page = facts.pages.iter().find(same).map(|(id, _)| *id);
    let sha256 = Sha256::of(text.as_bytes()).to_string();
    let rules = bylaws::own_rules(answers);
    Ok(BylawsDraft { questions: QUESTIONS.to_vec(), text, german, sha256, rules, missing, page })
}

/// Writes the text as a page of the sort bylaws. Where the same text is a page already, that page
/// is named and nothing is written.
pub fn write(app: &mut App, book: &BookId, answers: &Answers) -> Result<RecordId, Failure> {
    let today = app.today();
    let draft = draft(app.reader(), book, answers, today)?;
    if let Some(page) = draft.page {
        return Ok(page);
    }
    let fields = json!({"title": "Bylaws", "kind": "bylaws", "body": draft.text});
    records::add(app, book, Kind::Page, fields.as_object().cloned().unwrap_or_default())
}

/// Writes down the rules that differ from the ones built in, after a decision adopted them; rules
/// of the same names take the new content. Returns how many were written.
///
/// # Errors
/// Without a decision; where a rule of one name stands twice.
pub fn adopt(
    app: &mut App,
    book: &BookId,
    answers: &Answers,
    decision: &str,
) -> Result<u32, Failure> {
    sound(answers)?;
    if decision.trim().is_empty() {
        return Err(Failure::new(Code::Invalid, "Rules are changed by a decision only.")
            .hint("Open a governance-change vote, then name its decision."));
    }
    let decision = cite(app.reader(), book, decision)?;
    let own = written(app.reader(), book)?;
    let built_in = bylaws::rules(&Answers::new());
    let mut count = 0_u32;
    for rule in bylaws::rules(answers) {
        let rule = Rule { decision: Some(decision.clone()), ..rule };
        let found = own.get(&rule.name).map(Vec::as_slice).unwrap_or_default();
        match found {
            [] => {
                let plain = Rule { decision: None, ..rule.clone() };
                if built_in.contains(&plain) {
                    continue;
                }
                records::add(app, book, Kind::Rule, fields(&rule))?;
            }
            [(_, old)] if Rule { decision: rule.decision.clone(), ..old.clone() } == rule => {
                continue;
            }
            [(id, _)] => {
                let mut changed: Fields = cleared();
                changed.extend(fields(&rule));
                records::edit(app, book, Kind::Rule, id, changed, &BTreeMap::new())?;
            }
            _ => {
                let message = format!("There are several rules called “{}”.", rule.name);
                return Err(Failure::new(Code::Invalid, message)
                    .hint("Withdraw those that do not hold, then try again."));
            }
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Writes the text to a file that does not exist yet.
pub fn save(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

fn fields(rule: &Rule) -> Fields {
    json!(rule).as_object().cloned().unwrap_or_default()
}

/// Every field of a rule, empty: what the new content does not name goes.
fn cleared() -> Fields {
    Kind::Rule.info().columns.iter().map(|c| (c.name.to_owned(), Value::Null)).collect()
}

/// The service's own rules that count, by name.
fn written(
    reader: &Reader,
    book: &BookId,
) -> Result<BTreeMap<String, Vec<(RecordId, Rule)>>, Failure> {
    let mut found: BTreeMap<String, Vec<(RecordId, Rule)>> = BTreeMap::new();
    reader.each(book, Kind::Rule, &mut |row| {
        if row.state == State::Ok
            && let Ok(rule) = serde_json::from_value::<Rule>(Value::Object(row.fields))
        {
            found.entry(rule.name.clone()).or_default().push((row.id, rule));
        }
        true
    })?;
    Ok(found)
}
