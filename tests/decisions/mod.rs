//! Deciding together: votes over several laptops, counted everywhere the same.

mod chance;
mod program;
mod recount;
mod votes;

use crate::support::Laptop;
use crate::support::crew::Crew;
use commonhold_app::commands::decisions::{self, Choice, NewProposal, ProposalView};
use commonhold_app::commands::records;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::{Kind, RecordId, Time};

/// Lets time pass on a laptop until a moment.
pub fn wait(laptop: &mut Laptop, until: Time) {
    while laptop.now() < until {}
}

pub fn one(option: &str) -> Choice {
    Choice { choice: option.to_owned(), ..Choice::default() }
}

pub fn ranked(options: &[&str]) -> Choice {
    let ranking = options.iter().map(|&option| option.to_owned()).collect();
    Choice { ranking, ..Choice::default() }
}

/// What deciding together needs of a crew.
pub trait Votes {
    fn open(&mut self, who: usize, rule: &str, title: &str, options: &[&str]) -> RecordId;
    fn cast(&mut self, who: usize, proposal: &RecordId, choice: &Choice) -> RecordId;
    fn see(&mut self, who: usize, proposal: &RecordId) -> ProposalView;
    fn set_rule(&mut self, who: usize, rule: &Rule);
    /// Lets time pass on everybody's laptop until a vote can be counted.
    fn end(&mut self, proposal: &RecordId);
    fn sign(&mut self, who: usize, proposal: &RecordId, recount: bool) -> String;
}

impl Votes for Crew {
    fn open(&mut self, who: usize, rule: &str, title: &str, options: &[&str]) -> RecordId {
        let new = NewProposal {
            title: title.to_owned(),
            rule: rule.to_owned(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
            ..NewProposal::default()
        };
        let book = self.harbor.book;
        decisions::proposal_open(&mut self.laptops[who], &book, &new).unwrap()
    }

    fn cast(&mut self, who: usize, proposal: &RecordId, choice: &Choice) -> RecordId {
        let book = self.harbor.book;
        decisions::vote(&mut self.laptops[who], &book, proposal, choice).unwrap()
    }

    fn see(&mut self, who: usize, proposal: &RecordId) -> ProposalView {
        let book = self.harbor.book;
        decisions::proposal_view(&mut self.laptops[who], &book, proposal).unwrap()
    }

    fn set_rule(&mut self, who: usize, rule: &Rule) {
        let book = self.harbor.book;
        let fields = commonhold_core::json::fields(rule);
        records::add(&mut self.laptops[who], &book, Kind::Rule, fields).unwrap();
    }

    fn end(&mut self, proposal: &RecordId) {
        let end = self.see(0, proposal).row.grace_until;
        for laptop in &mut self.laptops {
            wait(laptop, end);
        }
    }

    fn sign(&mut self, who: usize, proposal: &RecordId, recount: bool) -> String {
        let book = self.harbor.book;
        let laptop = &mut self.laptops[who];
        decisions::tally_sign(laptop, &book, proposal, recount).unwrap().sentence
    }
}
