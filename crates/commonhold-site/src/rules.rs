//! THE TABLE of what is public: for every kind of record when it is shown, and which of its fields.
//! What is not named here is not shown. `docs/PUBLIC.md` prints it.

mod finance;
mod governance;
mod operations;
mod product;

/// When a record is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Never, and why.
    Never(&'static str),
    /// Always.
    Always,
    /// Where its field `consent` says yes.
    Consent,
    /// Where its field `public` says yes.
    Marked,
    /// Bylaws always; minutes from the day a meeting says they were published.
    Adopted,
    /// Unless its vote is secret, or hides its ballots and has not closed.
    OpenVote,
    /// Where it is public, or its embargo has ended.
    Disclosed,
    /// Where it belongs to an incident that is shown, and says that it is public.
    Update,
    /// From the day it was published, where its incident is shown.
    Published,
    /// Where the record it is about is shown.
    About,
}

impl When {
    /// A sentence for the table.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Never(why) => why,
            Self::Always => "always",
            Self::Consent => "where `consent` is yes",
            Self::Marked => "where `public` is yes",
            Self::Adopted => "bylaws always; minutes once a meeting says they were published",
            Self::OpenVote => "unless its vote is secret, or hides ballots until it closes",
            Self::Disclosed => "where it is public, or its embargo has ended",
            Self::Update => "where its incident is shown and `public` is yes",
            Self::Published => "from the day `published`, where its incident is shown",
            Self::About => "where the record it is about is shown",
        }
    }
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As it is: numbers, days, amounts, ids, words of a fixed list, hashes.
    Plain,
    /// Through the gate.
    Text,
    /// An address (http or https), through the gate; anything else is left out.
    Link,
    /// Through the gate, and only with the consent of who it is about.
    Name,
    /// Through the gate, and not where money comes in, unless the giver agreed to be named: what
    /// people write on a gift is theirs.
    Gift,
    /// Lines of double entry: account, amount, fund and price; the remark as [`How::Gift`].
    Postings,
}

impl How {
    /// A mark for the table.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Plain | Self::Postings => "",
            Self::Text => "¹",
            Self::Link => "²",
            Self::Name => "³",
            Self::Gift => "⁴",
        }
    }
}

/// A field that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: &'static str,
    /// How.
    pub how: How,
}

/// What is shown of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The kind's name.
    pub kind: &'static str,
    /// When a record of it is shown.
    pub when: When,
    /// Its fields that are shown, beside its id.
    pub fields: &'static [Shown],
}

const fn shown(name: &'static str, how: How) -> Shown {
    Shown { name, how }
}
const fn plain(name: &'static str) -> Shown {
    shown(name, How::Plain)
}
const fn text(name: &'static str) -> Shown {
    shown(name, How::Text)
}
const fn link(name: &'static str) -> Shown {
    shown(name, How::Link)
}
const fn rule(kind: &'static str, when: When, fields: &'static [Shown]) -> Rule {
    Rule { kind, when, fields }
}
const fn never(kind: &'static str, why: &'static str) -> Rule {
    Rule { kind, when: When::Never(why), fields: &[] }
}

/// The table, by area.
pub const RULES: &[&[Rule]] =
    &[finance::RULES, governance::RULES, operations::RULES, product::RULES];

/// The rule of a kind; a kind without one is never shown.
pub fn of(kind: &str) -> Option<&'static Rule> {
    RULES.iter().flat_map(|area| area.iter()).find(|rule| rule.kind == kind)
}

/// The table as `docs/PUBLIC.md` prints it.
pub fn table() -> String {
    let mut out = String::from("| kind | shown | fields |\n|---|---|---|\n");
    for rule in RULES.iter().flat_map(|area| area.iter()) {
        let fields: Vec<String> = rule
            .fields
            .iter()
            .map(|field| format!("`{}`{}", field.name, field.how.mark()))
            .collect();
        let when = match rule.when {
            When::Never(why) => format!("**never**: {why}"),
            when => when.sentence().to_owned(),
        };
        out.push_str(&format!("| {} | {when} | {} |\n", rule.kind, fields.join(", ")));
    }
    out
}
