//! A page: a long text that several people edit, also while apart.

use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What sort of text a page can be.
pub const KINDS: &[&str] =
    &["page", "bylaws", "minutes", "runbook", "guideline", "secrets-guideline", "postmortem"];

/// A text of the service: bylaws, minutes, a runbook, anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// What sort of text it is.
    pub kind: String,
    /// The text, Markdown.
    pub body: String,
}

impl Record for Page {
    const KIND: Kind = Kind::Page;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "The heading."),
        column("kind", T::Choice(KINDS), "What sort of text."),
        column("body", T::LongText, "The text, Markdown."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.title, self.body)
    }
}
