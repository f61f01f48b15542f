//! The screens of a service in which five people have voted: every state a vote can be in, with
//! ballots in it. The pictures are for people to look at.

use super::driver::Window;
use super::looks::look;
use crate::decisions::{Votes, one, ranked, wait};
use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::decisions::{self, Choice, NewDecision, NewProposal};
use commonhold_core::authority::Role;
use commonhold_core::framework::votes_v1;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::{RecordId, Time};

const EMIL: usize = 4;
const DAY: i64 = 86_400_000;

/// The votes, and what their pictures are called.
type Voted = Vec<(&'static str, RecordId)>;

fn because(option: &str, why: &str) -> Choice {
    Choice { reason: Some(why.to_owned()), ..one(option) }
}

fn propose(crew: &mut Crew, who: usize, rule: &str, title: &str, text: &str) -> RecordId {
    let new = NewProposal {
        title: title.to_owned(),
        rule: rule.to_owned(),
        text: text.to_owned(),
        ..NewProposal::default()
    };
    let book = crew.harbor.book;
    let vote = decisions::proposal_open(&mut crew.laptops[who], &book, &new).unwrap();
    crew.share();
    vote
}

/// Changed by a majority, with a ballot that was changed and one for nothing; decided.
fn passed(crew: &mut Crew) -> RecordId {
    let text = "The bylaws of **March** say nothing about ties.\n\n- a tie passes nothing\n\
                - an abstention counts for the quorum only";
    let vote = propose(crew, ANN, "governance-change", "New bylaws", text);
    crew.cast(ANN, &vote, &because("yes", "It closes the gap we met in May."));
    crew.cast(BEN, &vote, &one("no"));
    crew.cast(BEN, &vote, &because("yes", "The second draft answers what I asked."));
    crew.cast(CLEO, &vote, &one("abstain"));
    crew.end(&vote);
    crew.share();
    crew.sign(ANN, &vote, false);
    crew.sign(BEN, &vote, false);
    let new = NewDecision { proposal: Some(vote), ..NewDecision::default() };
    let book = crew.harbor.book;
    decisions::decision_record(&mut crew.laptops[BEN], &book, &new).unwrap();
    vote
}

/// Counted while a laptop was away: what arrives later would have turned it.
fn recount(crew: &mut Crew) -> RecordId {
    let text = "Emil has kept the mirror's disks alive since January.";
    let vote = propose(crew, CLEO, "membership", "Take Emil in as a member", text);
    crew.cast(ANN, &vote, &one("yes"));
    crew.cast(DORA, &vote, &because("no", "Let us meet him in person first."));
    crew.end(&vote);
    crew.sign(ANN, &vote, false);
    vote
}

/// An order of preference among several.
fn order(crew: &mut Crew) -> RecordId {
    let options = ["Amsterdam", "Berlin", "Lisbon"];
    let vote = crew.open(BEN, "venue", "Where do we meet in October?", &options);
    crew.share();
    crew.cast(ANN, &vote, &ranked(&["Berlin", "Amsterdam", "talk on", "Lisbon"]));
    crew.cast(BEN, &vote, &ranked(&["Amsterdam", "Berlin"]));
    crew.cast(CLEO, &vote, &ranked(&["Lisbon", "Berlin", "Amsterdam"]));
    crew.cast(DORA, &vote, &ranked(&["Berlin", "Lisbon"]));
    crew.end(&vote);
    crew.share();
    crew.sign(CLEO, &vote, false);
    vote
}

/// Binding, vetoed with a reason.
fn vetoed(crew: &mut Crew) -> RecordId {
    let vote = crew.open(EMIL, "binding", "Which licence for the tools?", &["AGPL", "MIT"]);
    crew.share();
    crew.cast(DORA, &vote, &one("AGPL"));
    let why = Some("Two of our users could not go on.");
    let book = crew.harbor.book;
    decisions::say(&mut crew.laptops[BEN], &book, &vote, "veto", why).unwrap();
    crew.end(&vote);
    crew.share();
    crew.sign(ANN, &vote, false);
    vote
}

/// A crew with everything behind it, and votes that run at the moment.
fn voted() -> (Crew, Voted) {
    let mut crew = crew(Role::Member);
    crew.join(Role::Contributor);
    let prompt = Rule { grace_hours: Some(0), ..votes_v1::rule("membership").unwrap() };
    let venue = Rule {
        name: "venue".into(),
        electorate: vec!["member".into(), "leadership".into()],
        method: "schulze".into(),
        tie: "fails".into(),
        default_option: Some("talk on".into()),
        open_days_min: 1,
        ..Rule::default()
    };
    crew.set_rule(ANN, &prompt);
    crew.set_rule(ANN, &venue);
    crew.share();
    let mut votes = vec![
        ("passed", passed(&mut crew)),
        ("order", order(&mut crew)),
        ("vetoed", vetoed(&mut crew)),
        ("recount", recount(&mut crew)),
    ];
    crew.share();
    // What follows runs on the day the window is looked at.
    let begun = Time(System.now().0 - DAY);
    for laptop in &mut crew.laptops {
        wait(laptop, begun);
    }
    let seconds = propose(&mut crew, EMIL, "no-confidence", "Ben leads no more", "He is away.");
    let text = "She has kept the books of the mirror since it began.";
    let open = propose(&mut crew, DORA, "leadership", "Cleo leads for two more years", text);
    crew.cast(BEN, &open, &one("yes"));
    crew.cast(DORA, &open, &because("no", "Two years are long."));
    crew.share();
    votes.extend([("seconds", seconds), ("open", open)]);
    (crew, votes)
}

#[tokio::test(flavor = "multi_thread")]
async fn votes_with_ballots_in_them_are_shown_well() {
    let (mut crew, votes) = voted();
    let ann = crew.laptops.swap_remove(ANN).close();
    let window = Window::on(Some(ann.path())).await;
    window.ready("overview").await;
    let mut wrong = Vec::new();
    for (path, name) in [("decisions", "decisions"), ("needs", "needs")] {
        window.go(path).await;
        look(&window, &format!("voted-{name}"), &mut wrong).await;
    }
    for (name, vote) in votes {
        window.go(&format!("decisions/{vote}")).await;
        look(&window, &format!("voted-{name}"), &mut wrong).await;
        window.script("document.querySelector('[data-testid=roll]').scrollIntoView()").await;
        window.picture(&format!("screen-voted-{name}-roll")).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
