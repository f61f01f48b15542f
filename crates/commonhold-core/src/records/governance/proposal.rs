//! A proposal: what is put to the vote, with the rule and the roll as they stood when it was opened.

use super::rule::Rule;
use crate::date::Time;
use crate::id::RecordId;
use crate::json;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::product::phase::TO as PHASES;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Most people on a roll.
pub const MAX_ROLL: usize = 20_000;
/// Most options.
pub const MAX_OPTIONS: usize = 200;
/// Longest option, in bytes.
const MAX_OPTION: usize = 500;
/// The choice of who takes part and takes no side; no option may be called so.
pub const ABSTAIN: &str = "abstain";
/// What can be chosen in a vote for or against.
pub const YES_NO: [&str; 2] = ["yes", "no"];
/// What can be chosen where consent is sought. To object is paramount: it stops the proposal.
pub const CONSENT: [&str; 3] = ["consent", "stand-aside", "object"];

/// A question put to those on the roll. It is written once; its ballots, objections and tallies lie in its document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Proposal {
    /// The question in one line.
    pub title: String,
    /// What is proposed, and why (Markdown).
    pub text: String,
    /// The name of the rule it is decided by.
    pub rule: String,
    /// The rule as it stood, as canonical JSON.
    pub terms: String,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// When it was opened (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub opened: Option<Time>,
    /// When it closes (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub closes: Option<Time>,
    /// Those who may vote, by person, in order of their ids; frozen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roll: Vec<String>,
    /// Those who may veto, by person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vetoers: Vec<String>,
    /// Those who may second, by person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seconders: Vec<String>,
    /// Who proposes it, by their person record.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The kind of the record it would change or carry out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about_kind: Option<String>,
    /// That record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub about: Option<RecordId>,
    /// Conflicts of interest the proposer names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    /// The phase the service enters if it passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The firing of a scenario that opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub firing: Option<RecordId>,
}

impl Proposal {
    /// The rule it is decided by, as it stood when it was opened; a sentence when that cannot be
    /// read.
    pub fn rule_frozen(&self) -> Result<Rule, String> {
        let wrong = || "The terms are not those of a rule.".to_owned();
        let rule: Rule = serde_json::from_str(&self.terms).map_err(|_| wrong())?;
        let mut problems = Vec::new();
        rule.check(&mut problems);
        if let Some(problem) = problems.first() {
            return Err(format!("The terms of the rule are wrong. {}", problem.message));
        }
        let exact = json::canonical(&rule) == self.terms && rule.name == self.rule;
        if exact { Ok(rule) } else { Err(wrong()) }
    }

    /// The options a method is given: some methods have their own.
    pub fn options_of(rule: &Rule) -> Option<Vec<String>> {
        let own: &[&str] = match rule.method.as_str() {
            "simple-majority" | "supermajority" => &YES_NO,
            "consent" | "lazy-consensus" => &CONSENT,
            _ => return None,
        };
        Some(own.iter().map(|&option| option.to_owned()).collect())
    }

    /// Whether another version of it asks the same. Only what a firing opened is written by several
    /// devices, each at its own hour and in the name of the person there; the question, the rule
    /// and what follows are the firing's, so that ballots on either count.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let asked = |of: &Self| Self {
            opened: None,
            closes: None,
            person: RecordId::nil(),
            roll: Vec::new(),
            vetoers: Vec::new(),
            seconders: Vec::new(),
            conflicts: Vec::new(),
            ..of.clone()
        };
        self.firing.is_some() && asked(self) == asked(other)
    }

    /// Ids of people in one of its lists; what is no id is left out.
    pub fn people(list: &[String]) -> std::collections::BTreeSet<RecordId> {
        list.iter().filter_map(|id| id.parse().ok()).collect()
    }

    fn check_lists(&self, problems: &mut Vec<Problem>) {
        let mut say = |field: &str, message: &str| problems.push(Problem::new(field, message));
        for (field, list) in
            [("roll", &self.roll), ("vetoers", &self.vetoers), ("seconders", &self.seconders)]
        {
            if list.len() > MAX_ROLL {
                say(field, "There are at most 20,000 people on a roll.");
            }
            let ids: Vec<String> = Self::people(list).iter().map(ToString::to_string).collect();
            if ids != *list {
                say(field, "People are named by their ids, each once, in the order of the ids.");
            }
        }
        let mut options: Vec<&String> = self.options.iter().collect();
        options.sort_unstable();
        options.dedup();
        let odd = |option: &String| {
            let len = option.trim().len();
            len == 0 || len != option.len() || len > MAX_OPTION || option == ABSTAIN
        };
        if options.len() != self.options.len() || self.options.iter().any(odd) {
            say("options", "Each option is named once, in few words, and none is “abstain”.");
        }
        if self.options.len() > MAX_OPTIONS {
            say("options", "There are at most 200 options.");
        }
        let Ok(rule) = self.rule_frozen() else { return };
        if let (Some(opened), Some(closes)) = (self.opened, self.closes) {
            let days = |days: i64| opened.plus_hours(days.saturating_mul(24));
            let too_long = rule.open_days_max.is_some_and(|most| closes > days(most));
            if closes < days(rule.open_days_min) || too_long {
                say("closes", "It is not open for as long as its rule asks.");
            }
        }
        match (Self::options_of(&rule), rule.default_option) {
            (Some(fixed), _) if fixed != self.options => {
                say("options", "The options are not those its rule gives.");
            }
            (None, Some(default)) if !self.options.contains(&default) => {
                say("options", "The default option of its rule is not among the options.");
            }
            _ => {}
        }
    }
}

impl Record for Proposal {
    const KIND: Kind = Kind::Proposal;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "The question in one line."),
        column("text", T::LongText, "What is proposed, and why (Markdown)."),
        column("rule", T::Text, "The name of the rule it is decided by."),
        column("terms", T::Text, "The rule as it stood, as canonical JSON."),
        column("options", T::List, "What can be chosen."),
        column("opened", T::Moment, "When it was opened (UTC)."),
        column("closes", T::Moment, "When it closes (UTC)."),
        column("roll", T::List, "Those who may vote, by person, in order of their ids; frozen."),
        column("vetoers", T::List, "Those who may veto, by person."),
        column("seconders", T::List, "Those who may second, by person."),
        column("person", T::Id, "Who proposes it, by their person record."),
        column("about_kind", T::Text, "The kind of the record it would change or carry out."),
        column("about", T::Id, "That record."),
        column("conflicts", T::List, "Conflicts of interest the proposer names."),
        column("phase", T::Choice(PHASES), "The phase the service enters if it passes."),
        column("firing", T::Id, "The firing of a scenario that opened it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        require(problems, "rule", &self.rule, "The rule");
        require(problems, "terms", &self.terms, "The terms of the rule");
        require_some(problems, "options", !self.options.is_empty(), "What can be chosen");
        require_some(problems, "opened", self.opened.is_some(), "When it opens");
        require_some(problems, "closes", self.closes.is_some(), "When it closes");
        require_some(problems, "roll", !self.roll.is_empty(), "The roll");
        require_some(problems, "person", !self.person.is_nil(), "Who proposes it");
        self.check_lists(problems);
        if let (Some(opened), Some(closes)) = (self.opened, self.closes)
            && closes <= opened
        {
            problems.push(Problem::new("closes", "It closes before it opens."));
        }
        if let Err(what) = self.rule_frozen() {
            problems.push(Problem::new("terms", what));
        }
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.title, self.options.join(" "))
    }

    fn purpose(&self) -> Option<String> {
        self.firing.map(|firing| format!("firing/{firing}"))
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
