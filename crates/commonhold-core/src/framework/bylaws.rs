//! The wizard for bylaws: version 1 of the framework says how votes go and leaves some things open.
//! Each gap is a question with the answers there are; from the answers come the text of the bylaws
//! and the rules that differ from the ones built in.
//!
//! Nothing here decides anything: the text is a draft until a vote adopts it (`governance.bylaws`).

use super::votes_v1;
use crate::problem::Problem;
use crate::records::governance::rule::Rule;
use serde::Serialize;
use std::collections::BTreeMap;

mod german;
mod text;

pub use german::german;
pub use text::{About, text};

/// One answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "BylawsChoice"))]
pub struct Choice {
    /// How it is written in a command and in the window.
    pub value: &'static str,
    /// What it means, in a sentence.
    pub means: &'static str,
}

/// Something the framework's text leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "BylawsQuestion"))]
pub struct Question {
    /// Its name.
    pub id: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// Why it has to be asked: what the text leaves open and what happens then.
    pub gap: &'static str,
    /// The answers there are. The first is what this program does where nothing is decided.
    pub choices: &'static [Choice],
}

const fn choice(value: &'static str, means: &'static str) -> Choice {
    Choice { value, means }
}

/// What is asked, in order.
pub const QUESTIONS: &[Question] = &[
    Question {
        id: "tie",
        question: "What comes of a tie?",
        gap: "The framework asks for more yes than no, or for the option with most votes, and does \
              not say what happens when two options have the same number.",
        choices: &[
            choice("fails", "A tie passes nothing."),
            choice("chair", "Leadership decides a tie."),
        ],
    },
    Question {
        id: "abstentions",
        question: "Does an abstention count for turnout?",
        gap: "A change of governance needs half of those entitled to take part. Whether somebody \
              who abstains has taken part is not said.",
        choices: &[
            choice("count", "Who abstains has taken part."),
            choice("do-not-count", "Only who votes for or against has taken part."),
        ],
    },
    Question {
        id: "turnout",
        question: "How many must take part in a change of governance?",
        gap: "Half is named without saying whether exactly half is enough. On a roll of ten the \
              fifth or the sixth ballot decides that.",
        choices: &[
            choice("50", "At least half of the roll; exactly half is enough."),
            choice("51", "At least 51 % of the roll; exactly half is not enough."),
            choice("67", "At least 67 % of the roll."),
        ],
    },
    Question {
        id: "governance-voters",
        question: "Who votes on a change of governance?",
        gap: "Contributors vote on binding questions and phases. For changes of the bylaws members \
              and leadership are named, and who is meant by the community is left open.",
        choices: &[
            choice("members", "Members and leadership."),
            choice("all", "Contributors, members and leadership."),
        ],
    },
    Question {
        id: "month",
        question: "How long is a vote of one month open?",
        gap: "A month has 28 to 31 days. A vote opened in February would be shorter than others.",
        choices: &[choice("31", "31 days."), choice("30", "30 days.")],
    },
    Question {
        id: "grace",
        question: "How long may a ballot arrive after the close?",
        gap: "People vote offline and their ballots may arrive when the vote is over. The \
              framework knows no ballots that are under way.",
        choices: &[
            choice("72", "72 hours, if it was cast before the close."),
            choice("24", "24 hours, if it was cast before the close."),
            choice("0", "Not at all: what has not arrived at the close does not count."),
        ],
    },
    Question {
        id: "membership-opens",
        question: "Who may propose somebody for membership?",
        gap: "The framework says who votes on it and not who may ask for the vote.",
        choices: &[
            choice("anyone-involved", "Contributors, members and leadership."),
            choice("members", "Members and leadership."),
        ],
    },
    Question {
        id: "veto",
        question: "Who vetoes a biased question of a binding vote?",
        gap: "Leadership may veto. Whether one of them is enough or most of them have to agree is \
              not said.",
        choices: &[
            choice("one", "One of leadership; the vote runs on and its result is not counted."),
            choice("nobody", "Nobody: a biased question is answered by voting against it."),
        ],
    },
];

/// Answers by the name of the question.
pub type Answers = BTreeMap<String, String>;

/// What is wrong with answers: a question or an answer that does not exist.
pub fn check(answers: &Answers) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, value) in answers {
        let Some(question) = QUESTIONS.iter().find(|question| question.id == id) else {
            let known: Vec<&str> = QUESTIONS.iter().map(|question| question.id).collect();
            let message = format!("There is no question “{id}”; there are: {}.", known.join(", "));
            problems.push(Problem::new(id.clone(), message));
            continue;
        };
        if !question.choices.iter().any(|choice| choice.value == value) {
            let known: Vec<&str> = question.choices.iter().map(|choice| choice.value).collect();
            let message = format!("“{value}” is none of: {}.", known.join(", "));
            problems.push(Problem::new(id.clone(), message));
        }
    }
    problems
}

/// The answer given to a question; the first there is where none was given.
fn answer<'a>(answers: &'a Answers, id: &str) -> &'a str {
    let usual = QUESTIONS.iter().find(|question| question.id == id);
    let usual = usual.and_then(|question| question.choices.first()).map_or("", |one| one.value);
    answers.get(id).map_or(usual, String::as_str)
}

fn names(roles: &[&str]) -> Vec<String> {
    roles.iter().map(|role| (*role).to_owned()).collect()
}

/// The seven rules as the answers have them, in the framework's order.
pub fn rules(answers: &Answers) -> Vec<Rule> {
    let answer = |id: &str| answer(answers, id);
    let number = |id: &str| answer(id).parse::<i64>().ok();
    let mut rules = votes_v1::rules();
    for rule in &mut rules {
        answer("tie").clone_into(&mut rule.tie);
        if let Some(grace) = number("grace").filter(|hours| *hours != rule.grace()) {
            rule.grace_hours = Some(grace);
        }
        match rule.name.as_str() {
            "governance-change" => {
                rule.quorum_percent = number("turnout");
                rule.quorum_counts_abstentions = answer("abstentions") == "count";
                rule.open_days_min = number("month").unwrap_or(rule.open_days_min);
                if answer("governance-voters") == "all" {
                    rule.electorate = names(&["contributor", "member", "leadership"]);
                }
            }
            "membership" if answer("membership-opens") == "members" => {
                rule.proposers = names(&["member", "leadership"]);
            }
            "binding" if answer("veto") == "nobody" => rule.veto.clear(),
            _ => {}
        }
    }
    rules
}

/// The rules that differ from the ones built in: what a service writes down once its bylaws are
/// adopted.
pub fn own_rules(answers: &Answers) -> Vec<Rule> {
    let built_in = votes_v1::rules();
    rules(answers).into_iter().filter(|rule| !built_in.contains(rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn said(pairs: &[(&str, &str)]) -> Answers {
        pairs.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn without_an_answer_the_rules_are_the_ones_built_in() {
        assert_eq!(rules(&Answers::new()), votes_v1::rules());
        assert!(own_rules(&Answers::new()).is_empty());
    }

    #[test]
    fn every_answer_gives_sound_rules_and_a_text_that_says_it() {
        let about = About { name: "Harbor".into(), ..About::default() };
        let usual = text(&about, &Answers::new());
        for question in QUESTIONS {
            assert!(question.choices.len() >= 2, "{}", question.id);
            for (n, choice) in question.choices.iter().enumerate() {
                let answers = said(&[(question.id, choice.value)]);
                assert_eq!(check(&answers), []);
                for rule in rules(&answers) {
                    let mut problems = Vec::new();
                    rule.check(&mut problems);
                    assert_eq!(problems, [], "{} {}", question.id, choice.value);
                }
                let text = text(&about, &answers);
                assert!(text.contains(choice.means), "{} {}:\n{text}", question.id, choice.value);
                assert_eq!(
                    own_rules(&answers).is_empty(),
                    n == 0,
                    "{} {}",
                    question.id,
                    choice.value
                );
                assert_eq!(text == usual, n == 0, "{} {}", question.id, choice.value);
            }
        }
    }

    #[test]
    fn every_question_is_asked_in_german_too() {
        let german = include_str!("../../../../ui/src/messages/de/bylaws.ts");
        for question in QUESTIONS {
            let entry =
                [format!("\n  {}: {{", question.id), format!("\n  \"{}\": {{", question.id)];
            let from = entry.iter().find_map(|entry| german.find(entry.as_str())).unwrap();
            let told = &german[from..];
            let told = &told[..told.find("\n  },").unwrap()];
            for choice in question.choices {
                let value = choice.value;
                let named = [format!(" {value}: \""), format!("\"{value}\": \"")];
                assert!(named.iter().any(|n| told.contains(n.as_str())), "{} {value}", question.id);
            }
        }
    }

    #[test]
    fn what_is_no_answer_is_said() {
        let wrong = check(&said(&[("tie", "coin"), ("weather", "fine")]));
        assert_eq!(wrong.len(), 2);
        assert!(wrong[0].message.contains("fails, chair"), "{wrong:?}");
        assert!(wrong[1].message.contains("governance-voters"), "{wrong:?}");
    }

    #[test]
    fn a_name_with_marks_of_markdown_stays_a_name() {
        let about = About { name: "# Harbor\n[x](y)".into(), ..About::default() };
        let text = text(&about, &Answers::new());
        assert!(text.starts_with("# How \\# Harbor \\[x\\](y) is governed\n"), "{text}");
    }
}
