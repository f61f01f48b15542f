//! A decision: what was decided, from when it holds and what carried it out. Other records name it in their field `decision`.

use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Files of votes held elsewhere.
pub const FORMATS: &[&str] = &["civs", "blt"];

/// A decision on the register. It may rest on a proposal voted on here, or on a vote held elsewhere whose file it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Decision {
    /// The proposal it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub proposal: Option<RecordId>,
    /// The decision in one line.
    pub title: String,
    /// What was decided (Markdown).
    pub text: String,
    /// The day it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The day it takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Date>,
    /// Records that carried it out, as kind/id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub executed_by: Vec<String>,
    /// For a vote held elsewhere: the format of its file: civs, blt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vote_format: Option<String>,
    /// For a vote held elsewhere: SHA-256 of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vote_sha256: Option<String>,
    /// For a vote held elsewhere: the options in the order recomputed from the file (Schulze); equals in one line, joined by “ = ”.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vote_order: Vec<String>,
    /// For what was decided in another service's book: the record there, as book/kind/id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    /// The decision this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub corrects: Option<RecordId>,
}

/// A record of another service's book, by names that need no place: the id of the book, the kind,
/// the id of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The book.
    pub book: BookId,
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: RecordId,
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.book, self.kind, self.id)
    }
}

impl FromStr for Elsewhere {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('/');
        let (Some(book), Some(kind), Some(id), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("“{text}” is not of the form BOOK/KIND/ID."));
        };
        let id = id.parse().map_err(|_| format!("“{id}” is not the id of a record."))?;
        Ok(Self { book: book.parse()?, kind: kind.parse()?, id })
    }
}

impl Record for Decision {
    const KIND: Kind = Kind::Decision;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("proposal", T::Id, "The proposal it rests on."),
        column("title", T::Text, "The decision in one line."),
        column("text", T::LongText, "What was decided (Markdown)."),
        column("date", T::Date, "The day it was decided."),
        column("effective_from", T::Date, "The day it takes effect."),
        column("executed_by", T::List, "Records that carried it out, as kind/id."),
        column(
            "vote_format",
            T::Choice(FORMATS),
            "For a vote held elsewhere: the format of its file: civs, blt.",
        ),
        column("vote_sha256", T::Text, "For a vote held elsewhere: SHA-256 of its file."),
        column(
            "vote_order",
            T::List,
            "For a vote held elsewhere: the options in the order recomputed from the file (Schulze); equals in one line, joined by “ = ”.",
        ),
        column(
            "elsewhere",
            T::Text,
            "For what was decided in another service's book: the record there, as book/kind/id.",
        ),
        column("corrects", T::Id, "The decision this one replaces."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        require_some(problems, "date", self.date.is_some(), "The day");
        if let Some(from) = self.effective_from
            && self.date.is_some_and(|date| from < date)
        {
            let message = "It takes effect before it was decided.";
            problems.push(Problem::new("effective_from", message));
        }
        if self.elsewhere.as_ref().is_some_and(|link| link.parse::<Elsewhere>().is_err()) {
            let message = "A record of another book is named as BOOK/KIND/ID.";
            problems.push(Problem::new("elsewhere", message));
        }
        if self.vote_format.is_some() != self.vote_sha256.is_some() {
            let message = "A vote held elsewhere names the format of its file and its SHA-256.";
            problems.push(Problem::new("vote_sha256", message));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn links(&self) -> Vec<Link> {
        let correct = |id| Link { relation: Relation::Corrects, kind: Kind::Decision, id };
        let concern = |id| Link { relation: Relation::Concerns, kind: Kind::Proposal, id };
        self.corrects.map(correct).into_iter().chain(self.proposal.map(concern)).collect()
    }
}
