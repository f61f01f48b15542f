//! What can be said of a record without the database.

use super::row;
use crate::authority::{Role, Writer};
use crate::document::{Key, Raw, Version};
use crate::id::Hash;
use crate::json::{self, Fields};
use crate::problem::{APART, AUTHOR, Problem};
use crate::record::{Form, HIDDEN, Judged, KindInfo};
use crate::records::Kind;
use serde_json::Value;

/// Tells who wrote a change.
pub trait Authors {
    /// The writer of a change that was taken in; nothing when that is not known.
    fn writer(&mut self, change: &Hash) -> Option<Writer>;
}

/// Everything was written by one.
impl Authors for Writer {
    fn writer(&mut self, _: &Hash) -> Option<Writer> {
        Some(self.clone())
    }
}

/// A record on its way into the read model.
pub struct Prepared {
    /// Where it lies in its document.
    pub(super) key: Key,
    /// Nothing when this version does not know its kind.
    pub(super) known: Option<Known>,
}

/// A record of a known kind, judged.
pub(super) struct Known {
    pub kind: Kind,
    pub fields: Fields,
    pub conflicts: Vec<(String, Vec<Value>)>,
    pub judged: Judged,
}

impl Prepared {
    /// Reads and judges a record as a document holds it.
    pub fn new(key: Key, raw: Raw, authors: &mut dyn Authors) -> Self {
        let known = key.kind.parse::<Kind>().ok().map(|kind| {
            let info = kind.info();
            let known = match raw.versions.is_empty() {
                true => living(info, raw),
                false => entry(info, raw.versions, authors),
            };
            hidden(info, known)
        });
        Self { key, known }
    }
}

/// Without the values of secrets, which lie in sealed documents alone; what was judged was the
/// record as it is.
fn hidden(info: &KindInfo, mut known: Known) -> Known {
    for name in info.masked {
        let said = known.fields.get_mut(*name).filter(|value| value.as_str() != Some(""));
        if let Some(value) = said {
            *value = Value::from(HIDDEN);
        }
        for (_, values) in known.conflicts.iter_mut().filter(|(field, _)| field == name) {
            values.iter_mut().for_each(|value| *value = Value::from(HIDDEN));
        }
    }
    known
}

fn living(info: &KindInfo, raw: Raw) -> Known {
    let fields = row::normalise(info, raw.fields);
    let judged = match info.form {
        Form::Living => (info.judge)(&fields),
        Form::Entry => wrong_form(),
    };
    Known { kind: info.kind, fields, conflicts: raw.conflicts, judged }
}

/// An entry: of versions written while apart the first that is sound, else the winner. A version
/// that was not its author's to write takes no other's place and is no rival of it.
fn entry(info: &KindInfo, versions: Vec<Version>, authors: &mut dyn Authors) -> Known {
    let mut judged: Vec<(Fields, Judged)> = versions
        .into_iter()
        .map(|version| {
            let writer = version.change.as_ref().and_then(|change| authors.writer(change));
            let Some(fields) = version.fields.filter(|_| info.form == Form::Entry) else {
                return (Fields::new(), wrong_form());
            };
            let fields = row::normalise(info, fields);
            let mut judged = (info.judge)(&fields);
            if let Some(writer) = writer {
                judge_author(info, &writer, &mut judged);
            }
            (fields, judged)
        })
        .collect();
    let entitled = |judged: &Judged| {
        !judged.problems.iter().any(|problem| [AUTHOR, APART].contains(&problem.field.as_str()))
    };
    let rivals: Vec<Value> = match judged.as_slice() {
        [] | [_] => Vec::new(),
        several => several
            .iter()
            .filter(|(_, judged)| entitled(judged))
            .map(|(fields, _)| Value::String(json::canonical(fields)))
            .rev()
            .collect(),
    };
    let differ = rivals.first().is_some_and(|first| rivals.iter().any(|rival| rival != first));
    let conflicts = if differ { vec![(String::new(), rivals)] } else { Vec::new() };
    let best = judged
        .iter()
        .position(|(_, judged)| judged.problems.is_empty())
        .or_else(|| judged.iter().position(|(_, judged)| entitled(judged)))
        .unwrap_or(0);
    let (fields, judged) = match best < judged.len() {
        true => judged.swap_remove(best),
        false => (Fields::new(), wrong_form()),
    };
    Known { kind: info.kind, fields, conflicts, judged }
}

/// Whether the author of an entry may say what it says.
fn judge_author(info: &KindInfo, writer: &Writer, judged: &mut Judged) {
    if let Some(problem) = author_problem(info, writer, judged) {
        judged.problems.push(problem);
        judged.postings.clear();
        judged.links.clear();
    }
}

/// What is wrong about somebody writing an entry; nothing when they may.
pub fn author_problem(info: &KindInfo, writer: &Writer, judged: &Judged) -> Option<Problem> {
    let needs = |roles: &[Role], kind: Kind| {
        let (roles, kind) = (Role::in_words(roles), kind.name());
        let what = format!("To write this about a {kind} its author must be {roles}, and was not.");
        Some(Problem::new(AUTHOR, what))
    };
    if writer.apart {
        let what = "It was written while its author was being removed, so it has no effect. \
                    Somebody who belongs must write it anew.";
        return Some(Problem::new(APART, what));
    }
    if judged.speaks_for.is_some_and(|person| person != writer.person) {
        let what = "It speaks for another person than the one who wrote it.";
        return Some(Problem::new(AUTHOR, what));
    }
    if !writer.may(info.writers, false) {
        return needs(info.writers, info.kind);
    }
    let target = judged.acts_on.map(Kind::info)?;
    if writer.may(target.writers, false) { None } else { needs(target.writers, target.kind) }
}

fn wrong_form() -> Judged {
    let message = "This record is not written in the form its kind has.";
    Judged { problems: vec![Problem::new("", message)], ..Judged::default() }
}
