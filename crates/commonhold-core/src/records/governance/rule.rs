//! A rule of deciding: who votes, for how long, what it takes to pass. The rules of the framework are built in (`framework/votes_v1.rs`); a service writes its own here.

use crate::authority::Role;
use crate::json;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How votes are counted (`reports/governance/tally/`).
pub const METHODS: &[&str] = &[
    "consent",
    "lazy-consensus",
    "simple-majority",
    "supermajority",
    "plurality",
    "schulze",
    "score",
];
/// Most hours of grace.
const MAX_GRACE: i64 = 2_400;
/// What a tie comes to.
pub const TIES: &[&str] = &["fails", "chair", "default"];

/// One rule of deciding. A proposal freezes the rule as it stands when it is opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Rule {
    /// What it is called; a proposal names it.
    pub name: String,
    /// The roles that vote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub electorate: Vec<String>,
    /// The roles that may open a proposal; empty: those that vote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposers: Vec<String>,
    /// consent, lazy-consensus, simple-majority, supermajority, plurality, schulze, score.
    pub method: String,
    /// For a supermajority: yes must be at least this many parts of the denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub numerator: Option<i64>,
    /// For a supermajority: in how many parts those who say yes or no are split.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub denominator: Option<i64>,
    /// Percent of the roll that must take part; empty: any number will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub quorum_percent: Option<i64>,
    /// Whether abstentions count for taking part.
    pub quorum_counts_abstentions: bool,
    /// Fewest days a vote is open.
    #[cfg_attr(test, ts(type = "number"))]
    pub open_days_min: i64,
    /// Most days a vote is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub open_days_max: Option<i64>,
    /// fails: nothing is passed; chair: leadership decides; default: the default option.
    pub tie: String,
    /// The option that stands for no change; others must beat it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_option: Option<String>,
    /// Whether ballots stay off the public page. A teller sees them all the same.
    pub secret: bool,
    /// Whether counts are shown only after the vote has closed.
    pub hidden_until_close: bool,
    /// The roles one of whom may veto: the result is then not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub veto: Vec<String>,
    /// How many others must second it before it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub seconds_needed: Option<i64>,
    /// The roles that may second.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub second_roles: Vec<String>,
    /// Days from the close until it takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub effect_delay_days: Option<i64>,
    /// Months from the close until it takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub effect_delay_months: Option<i64>,
    /// Hours after the close in which ballots may still arrive; 72 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub grace_hours: Option<i64>,
    /// What else holds, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The decision that set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl Rule {
    /// Roles by their names; what is no role is left out.
    pub fn roles(names: &[String]) -> BTreeSet<Role> {
        names.iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// The roles that may open a proposal under it.
    pub fn may_propose(&self) -> BTreeSet<Role> {
        Self::roles(if self.proposers.is_empty() { &self.electorate } else { &self.proposers })
    }

    /// Hours after the close in which ballots may still arrive.
    pub fn grace(&self) -> i64 {
        self.grace_hours.unwrap_or(72).clamp(0, MAX_GRACE)
    }

    /// What a proposal freezes of it: everything but the decision that set it, as canonical JSON.
    pub fn terms(&self) -> String {
        json::canonical(&Self { decision: None, ..self.clone() })
    }

    fn check_numbers(&self, problems: &mut Vec<Problem>) {
        let mut bounded = |field: &str, value: Option<i64>, least: i64, most: i64| {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                let message = format!("The number must be between {least} and {most}.");
                problems.push(Problem::new(field, message));
            }
        };
        bounded("quorum_percent", self.quorum_percent, 1, 100);
        bounded("open_days_min", Some(self.open_days_min), 0, 3_660);
        bounded("open_days_max", self.open_days_max, self.open_days_min.max(1), 3_660);
        bounded("seconds_needed", self.seconds_needed, 0, 1_000);
        bounded("effect_delay_days", self.effect_delay_days, 0, 3_660);
        bounded("effect_delay_months", self.effect_delay_months, 0, 120);
        bounded("grace_hours", self.grace_hours, 0, MAX_GRACE);
        let share = (self.numerator, self.denominator);
        if self.method == "supermajority"
            && !matches!(share, (Some(n), Some(d)) if 0 < n && n <= d && d <= 1_000 && n >= d.saturating_sub(n))
        {
            let message = "A supermajority names its share, at least one half, such as 2 of 3.";
            problems.push(Problem::new("numerator", message));
        }
        if self.tie == "default" && self.default_option.is_none() {
            let message = "Where a tie comes to the default option, it must be named.";
            problems.push(Problem::new("default_option", message));
        }
    }
}

impl Record for Rule {
    const KIND: Kind = Kind::Rule;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called; a proposal names it."),
        column("electorate", T::List, "The roles that vote."),
        column("proposers", T::List, "The roles that may open a proposal; empty: those that vote."),
        column(
            "method",
            T::Choice(METHODS),
            "consent, lazy-consensus, simple-majority, supermajority, plurality, schulze, score.",
        ),
        column(
            "numerator",
            T::Integer,
            "For a supermajority: yes must be at least this many parts of the denominator.",
        ),
        column(
            "denominator",
            T::Integer,
            "For a supermajority: in how many parts those who say yes or no are split.",
        ),
        column(
            "quorum_percent",
            T::Integer,
            "Percent of the roll that must take part; empty: any number will do.",
        ),
        column(
            "quorum_counts_abstentions",
            T::Boolean,
            "Whether abstentions count for taking part.",
        ),
        column("open_days_min", T::Integer, "Fewest days a vote is open."),
        column("open_days_max", T::Integer, "Most days a vote is open."),
        column(
            "tie",
            T::Choice(TIES),
            "fails: nothing is passed; chair: leadership decides; default: the default option.",
        ),
        column(
            "default_option",
            T::Text,
            "The option that stands for no change; others must beat it.",
        ),
        column(
            "secret",
            T::Boolean,
            "Whether ballots stay off the public page. A teller sees them all the same.",
        ),
        column(
            "hidden_until_close",
            T::Boolean,
            "Whether counts are shown only after the vote has closed.",
        ),
        column("veto", T::List, "The roles one of whom may veto: the result is then not counted."),
        column("seconds_needed", T::Integer, "How many others must second it before it starts."),
        column("second_roles", T::List, "The roles that may second."),
        column("effect_delay_days", T::Integer, "Days from the close until it takes effect."),
        column("effect_delay_months", T::Integer, "Months from the close until it takes effect."),
        column(
            "grace_hours",
            T::Integer,
            "Hours after the close in which ballots may still arrive; 72 where nothing is said.",
        ),
        column("note", T::Text, "What else holds, in a sentence."),
        column("decision", T::Text, "The decision that set it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        require_some(problems, "electorate", !self.electorate.is_empty(), "Who votes");
        require(problems, "method", &self.method, "The method");
        require(problems, "tie", &self.tie, "What a tie comes to");
        for (field, roles) in [
            ("electorate", &self.electorate),
            ("proposers", &self.proposers),
            ("veto", &self.veto),
            ("second_roles", &self.second_roles),
        ] {
            if let Some(odd) = roles.iter().find(|role| role.parse::<Role>().is_err()) {
                problems.push(Problem::new(field, format!("“{odd}” is not a role.")));
            }
        }
        self.check_numbers(problems);
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
