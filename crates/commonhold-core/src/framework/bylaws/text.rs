//! The bylaws as a text: Markdown, in the order people ask.

use super::{Answers, QUESTIONS, answer, rules};
use crate::records::governance::rule::Rule;
use std::fmt::Write;

/// What of a service the bylaws name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Who keeps the money now.
    pub treasurer: Option<String>,
    /// The non-profit that gets what is left over.
    pub beneficiary: Option<String>,
    /// Days of notice before anything stops, and days in which data can be taken out.
    pub periods: Option<(i64, i64)>,
}

/// A name or sentence of a person inside Markdown: one line, its marks taken literally.
pub(super) fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !safe.is_empty() {
            safe.push(' ');
        }
        for c in word.chars() {
            if matches!(c, '#' | '[' | ']' | '*' | '_' | '`' | '<' | '>' | '|' | '\\') {
                safe.push('\\');
            }
            safe.push(c);
        }
    }
    safe
}

/// Roles as a text names them.
fn roles(names: &[String]) -> String {
    let many = |name: &String| match name.as_str() {
        "contributor" => "contributors".to_owned(),
        "member" => "members".to_owned(),
        other => other.to_owned(),
    };
    let names: Vec<String> = names.iter().map(many).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// What a vote of this name is about.
fn subject(name: &str) -> &'static str {
    match name {
        "membership" => "Somebody becomes a member",
        "leadership" => "Somebody joins leadership",
        "treasurer" => "The treasurer is chosen",
        "governance-change" => "These bylaws change",
        "no-confidence" => "Somebody loses a role against their will",
        "binding" => "A question binds the service",
        "phase-change" => "The service enters another phase",
        _ => "A vote",
    }
}

/// One vote as an entry of the list.
fn vote(rule: &Rule) -> String {
    let passes = match rule.method.as_str() {
        "plurality" => "the option with most votes is chosen",
        _ => "passes with more yes than no",
    };
    let (subject, voters) = (subject(&rule.name), capital(&roles(&rule.electorate)));
    let days = rule.open_days_min;
    let mut told =
        format!("- **{subject}.** {voters} vote; open for at least {days} days; {passes}");
    if let Some(percent) = rule.quorum_percent {
        let _ = write!(told, ", if at least {percent} % of the roll take part");
    }
    told.push('.');
    if let Some(months) = rule.effect_delay_months {
        let months = if months == 1 { "one month".to_owned() } else { format!("{months} months") };
        let _ = write!(told, " It takes effect {months} after the close.");
    }
    if rule.seconds_needed.is_some_and(|needed| needed > 0) {
        let who = roles(&rule.second_roles);
        let _ = write!(told, " Anyone may ask for it; it starts when one of {who} seconds it.");
    }
    if rule.name == "phase-change" {
        told.push_str(" What the framework asks of that phase must hold too.");
    }
    told.push('\n');
    told
}

/// What was decided about a question, in its sentence.
fn decided(answers: &Answers, id: &str) -> &'static str {
    let given = answer(answers, id);
    let question = QUESTIONS.iter().find(|question| question.id == id);
    let chosen = question.and_then(|question| question.choices.iter().find(|c| c.value == given));
    chosen.map_or("", |choice| choice.means)
}

fn money(about: &About) -> String {
    let named =
        |name: &Option<String>, missing: &str| name.as_deref().map_or(missing.to_owned(), plain);
    let treasurer = named(&about.treasurer, "nobody yet; to be chosen before the service starts");
    let beneficiary = named(&about.beneficiary, "nobody yet; to be named before these are adopted");
    let mut text = format!(
        "## Money\n\n\
         - Treasurer: {treasurer}. One person, chosen by vote, answerable for the books.\n\
         - Money comes from those who use the service and from public bodies. Giving more buys no \
         influence and no benefit.\n\
         - Every gift and every expense is public within one working day. Givers may stay \
         anonymous.\n\
         - What is left over pays running costs first, then those who develop the service, then \
         goes to the non-profit named here: {beneficiary}.\n\n"
    );
    if let Some((grace, shutdown)) = about.periods {
        let _ = write!(
            text,
            "If the service ends, users are told {grace} days before anything stops, and can take \
             their data out for {shutdown} days.\n\n"
        );
    }
    text
}

/// Who belongs, in the framework's terms.
const BELONGS: &str = "## Who belongs\n\n\
    - Contributors take part in any way. Nobody admits them.\n\
    - Members are contributors who were voted in. Leadership are members who answer for the \
    service.\n\
    - Everybody stands for themselves alone, whoever pays them. One person has one vote.\n\
    - Each January members and leadership say whether they go on. Who has not answered within a \
    month has left the role.\n\
    - Who is paid for work says by whom, how much, how long and for what.\n\
    - Who is member or leadership, and every vote with its ballots, is public.\n\
    - Talks in private have public minutes within a week.\n\n";

/// The bylaws as Markdown, to be kept as `GOVERNANCE.md` and as a page of the sort bylaws.
pub fn text(about: &About, answers: &Answers) -> String {
    let purpose = plain(&about.purpose);
    let purpose = if purpose.is_empty() { String::new() } else { format!("{purpose}\n\n") };
    let votes: String = rules(answers).iter().map(vote).collect();
    let open: String = QUESTIONS
        .iter()
        .map(|question| format!("- {} {}\n", question.question, decided(answers, question.id)))
        .collect();
    format!(
        "# How {} is governed\n\n{purpose}\
         This service keeps the Open Services framework, version 1. These bylaws say what the \
         framework leaves to the service.\n\n\
         {BELONGS}\
         ## Votes\n\n\
         The roll is fixed when a vote opens. A ballot may be changed until it closes.\n\n\
         {votes}\n\
         ## What the framework leaves open\n\n{open}\n{}\
         ## Changing these bylaws\n\n\
         By the vote named above. The version in force, and every one before it, stays readable in \
         the record of the service.\n",
        plain(&about.name),
        money(about),
    )
}
