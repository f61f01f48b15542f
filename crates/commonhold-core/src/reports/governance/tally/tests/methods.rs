use super::*;

fn with(method: &str) -> Rule {
    Rule {
        name: method.to_owned(),
        electorate: vec!["member".into()],
        method: method.to_owned(),
        tie: "fails".into(),
        ..Rule::default()
    }
}

fn counted(rule: Rule, options: &[&str], choices: &[&str]) -> Count {
    let mut vote = vote(rule, 60, options);
    let ballots: Vec<(u8, i64, &str)> =
        choices.iter().zip(1..).map(|(choice, voter)| (voter, 1, *choice)).collect();
    cast(&mut vote, &ballots);
    now(&vote)
}

#[test]
fn more_yes_than_no_passes_and_abstentions_are_outside_the_base() {
    let count = counted(with("simple-majority"), &[], &["yes", "yes", "no", "abstain", "abstain"]);
    assert_eq!(count.result, Verdict::Passed);
    assert_eq!(count.sentence, "Passed: 2 yes > 1 no, turnout 5 of 60 (8.3 %)");
    let tie = counted(with("simple-majority"), &[], &["yes", "no"]);
    assert_eq!((tie.result, tie.winner), (Verdict::NotPassed, None));
    let said = "Not passed: 1 yes = 1 no, a tie passes nothing, turnout 2 of 60 (3.3 %)";
    assert_eq!(tie.sentence, said);
    let chair = Rule { tie: "chair".into(), ..with("simple-majority") };
    assert_eq!(counted(chair, &[], &["yes", "no"]).result, Verdict::ChairDecides);
}

#[test]
fn a_supermajority_is_of_those_who_say_yes_or_no() {
    let rule = || Rule { numerator: Some(2), denominator: Some(3), ..with("supermajority") };
    let two_thirds = ["yes", "yes", "no", "abstain", "abstain", "abstain"];
    let count = counted(rule(), &[], &two_thirds);
    assert_eq!(count.result, Verdict::Passed);
    assert!(count.sentence.contains("2 yes of 3 yes or no ≥ 2/3"), "{}", count.sentence);
    assert_eq!(counted(rule(), &[], &["yes", "no", "abstain"]).result, Verdict::NotPassed);
    assert_eq!(counted(rule(), &[], &["abstain"]).result, Verdict::NotPassed);
}

#[test]
fn a_quorum_decides_exactly_and_may_leave_abstentions_out() {
    let rule = |counts| Rule {
        quorum_percent: Some(50),
        quorum_counts_abstentions: counts,
        ..with("simple-majority")
    };
    let mut choices = vec!["yes"; 29];
    assert_eq!(counted(rule(true), &[], &choices).result, Verdict::NotPassed);
    choices.push("abstain");
    assert_eq!(counted(rule(true), &[], &choices).result, Verdict::Passed);
    let without = counted(rule(false), &[], &choices);
    assert_eq!(without.result, Verdict::NotPassed);
    let said = "but turnout 30 of 60 (50.0 %), 29 without abstentions < 50 %";
    assert!(without.sentence.ends_with(said), "{}", without.sentence);
}

#[test]
fn the_option_with_most_votes_wins_and_two_of_them_are_a_tie() {
    let options = ["red", "blue", "green"];
    let count = counted(with("plurality"), &options, &["blue", "blue", "red", "abstain"]);
    assert_eq!(count.winner.as_deref(), Some("blue"));
    let said = "Passed: blue with 2 votes (red 1, green 0), turnout 4 of 60 (6.7 %)";
    assert_eq!(count.sentence, said);
    let tie = counted(with("plurality"), &options, &["blue", "red"]);
    assert_eq!((tie.result, tie.winner), (Verdict::NotPassed, None));
    assert_eq!(tie.order, [vec!["red", "blue"], vec!["green"]]);
    assert_eq!(counted(with("plurality"), &options, &[]).result, Verdict::NotPassed);
    let none = Rule { default_option: Some("green".into()), ..with("plurality") };
    assert_eq!(counted(none, &options, &["green", "green", "red"]).result, Verdict::NotPassed);
}

#[test]
fn points_are_added_and_odd_ones_may_not_count() {
    let options = ["red", "blue"];
    let choices = ["5,0", "1,4", "0,5", "6,0", "1", "-1,2", "01,2"];
    let mut vote = vote(with("score"), 60, &options);
    let ballots: Vec<(u8, i64, &str)> =
        choices.iter().zip(1..).map(|(choice, voter)| (voter, 1, *choice)).collect();
    cast(&mut vote, &ballots);
    let found = outcome(&vote, time(OPENED), false);
    assert_eq!((found.count.cast, found.ineligible.len()), (3, 4));
    assert_eq!(found.count.winner.as_deref(), Some("blue"));
    assert!(found.count.sentence.starts_with("Passed: blue with 9 points (red 6), turnout"));
}

#[test]
fn consent_needs_somebody_and_no_objection_that_stands() {
    let mut vote = vote(with("consent"), 5, &[]);
    assert_eq!(now(&vote).result, Verdict::NotPassed);
    cast(&mut vote, &[(1, 1, "consent"), (2, 1, "stand-aside")]);
    assert_eq!(now(&vote).result, Verdict::Passed);
    say(&mut vote, 9001, 3, 1, "objection");
    assert_eq!(now(&vote).result, Verdict::NotPassed);
    say(&mut vote, 9002, 3, 2, "resolved");
    assert_eq!(now(&vote).result, Verdict::Passed);
    say(&mut vote, 9003, 77, 1, "objection");
    assert_eq!(now(&vote).result, Verdict::Passed, "not on the roll");
    cast(&mut vote, &[(4, 1, "object")]);
    assert_eq!(now(&vote).sentence, "Not passed: 1 objection stands, turnout 3 of 5 (60.0 %)");
    cast(&mut vote, &[(4, 2, "stand-aside")]);
    assert_eq!(now(&vote).result, Verdict::Passed);
}

#[test]
fn lazy_consensus_passes_in_silence() {
    let mut vote = vote(with("lazy-consensus"), 5, &[]);
    assert_eq!(now(&vote).sentence, "Passed: nobody objected, turnout 0 of 5 (0.0 %)");
    say(&mut vote, 9001, 2, 1, "objection");
    assert_eq!(now(&vote).result, Verdict::NotPassed);
}

/// Schulze's published example: 45 voters, five options.
const EXAMPLE: [(u64, &str); 8] = [
    (5, "ACBED"),
    (5, "ADECB"),
    (8, "BEDAC"),
    (3, "CABED"),
    (7, "CAEBD"),
    (2, "CBADE"),
    (7, "DCEBA"),
    (8, "EBADC"),
];

#[test]
fn schulzes_example_comes_out_in_his_order() {
    let mut choices = Vec::new();
    for (times, order) in EXAMPLE {
        let ranked: Vec<String> = order.chars().map(|c| c.to_string()).collect();
        choices.extend((0..times).map(|_| ranked.join(">")));
    }
    assert_eq!(choices.len(), 45);
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let count = counted(with("schulze"), &["A", "B", "C", "D", "E"], &choices);
    assert_eq!(count.order.concat(), ["E", "A", "C", "B", "D"]);
    assert_eq!(count.winner.as_deref(), Some("E"));
    let said = "Passed: order E > A > C > B > D, turnout 45 of 60 (75.0 %)";
    assert_eq!(count.sentence, said);
}

#[test]
fn the_default_option_must_be_beaten() {
    let rule = || Rule { default_option: Some("talk on".into()), ..with("schulze") };
    let options = ["red", "blue", "talk on"];
    let beaten = counted(rule(), &options, &["red>talk on>blue", "red>blue", "talk on>red"]);
    assert_eq!(beaten.winner.as_deref(), Some("red"));
    let not = counted(rule(), &options, &["talk on>red", "talk on>blue", "red>blue>talk on"]);
    assert_eq!((not.result, not.winner), (Verdict::NotPassed, None));
    assert!(not.sentence.contains("no option beats talk on"), "{}", not.sentence);
    // Blue beats red, but not the default: red wins all the same.
    let dropped = ["blue>red>talk on", "red>talk on>blue", "talk on>blue>red"];
    let more = [dropped, dropped].concat();
    let count = counted(rule(), &options, &[&more[..], &["red>talk on>blue"][..]].concat());
    assert_eq!(count.winner.as_deref(), Some("red"));
}

#[test]
fn a_tie_of_ranked_options_is_a_tie() {
    let count = counted(with("schulze"), &["red", "blue"], &["red>blue", "blue>red"]);
    assert_eq!(
        (count.result, count.order),
        (Verdict::NotPassed, vec![vec!["red".to_owned(), "blue".to_owned()]])
    );
}

/// The order by definition, another way: an option comes first when, leaving out weaker links
/// step by step, it reaches all others that reach it.
fn strongest_by_search(n: usize, ballots: &[schulze::Ranks]) -> Vec<Vec<u64>> {
    let mut wins = vec![vec![0; n]; n];
    for (weight, ranks) in ballots {
        for a in 0..n {
            for b in 0..n {
                if ranks[a] < ranks[b] {
                    wins[a][b] += weight;
                }
            }
        }
    }
    let reaches = |from: usize, to: usize, least: u64| {
        let (mut seen, mut waiting) = (vec![false; n], vec![from]);
        while let Some(at) = waiting.pop() {
            for next in 0..n {
                let link = wins[at][next] > wins[next][at] && wins[at][next] >= least;
                if link && !seen[next] {
                    seen[next] = true;
                    waiting.push(next);
                }
            }
        }
        seen[to]
    };
    let total: u64 = ballots.iter().map(|(weight, _)| weight).sum();
    let best = |a, b| (1..=total).rev().find(|least| reaches(a, b, *least)).unwrap_or(0);
    (0..n).map(|a| (0..n).map(|b| if a == b { 0 } else { best(a, b) }).collect()).collect()
}

#[test]
fn made_up_elections_agree_with_a_slow_search_for_paths() {
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..200 {
        let n = 2 + next(4) as usize;
        let ballots: Vec<schulze::Ranks> = (0..1 + next(9))
            .map(|_| (1 + next(3), (0..n).map(|_| Some(next(n as u64) as u32)).collect()))
            .collect();
        let paths = strongest_by_search(n, &ballots);
        let order = schulze::order(n, &ballots);
        assert_eq!(order.iter().flatten().count(), n);
        let place = |option: usize| order.iter().position(|level| level.contains(&option));
        for (a, from_a) in paths.iter().enumerate() {
            for (b, strength) in from_a.iter().enumerate() {
                if *strength > paths[b][a] {
                    assert!(place(a) < place(b), "{ballots:?} {order:?}");
                }
            }
        }
        let first: Vec<usize> =
            (0..n).filter(|a| (0..n).all(|b| paths[*a][b] >= paths[b][*a])).collect();
        assert_eq!(order[0], first, "{ballots:?}");
    }
}

#[test]
fn a_large_election_is_counted_at_once() {
    let options: Vec<String> = (0..23).map(|n| format!("Candidate {n}")).collect();
    let names: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut seed = 1_u64;
    let mut choices = Vec::new();
    for _ in 0..450 {
        let mut order = names.clone();
        for last in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
            order.swap(last, (seed >> 33) as usize % (last + 1));
        }
        choices.push(order.join(">"));
    }
    let ballots: Vec<schulze::Ranks> = choices
        .iter()
        .map(|choice| {
            let order: Vec<&str> = choice.split('>').collect();
            let rank = |name: &&str| order.iter().position(|n| n == name).map(|p| p as u32);
            (1, names.iter().map(rank).collect())
        })
        .collect();
    #[allow(clippy::disallowed_methods)]
    let begun = std::time::Instant::now();
    let order = schulze::order(23, &ballots);
    let took = begun.elapsed();
    assert_eq!(order.iter().flatten().count(), 23);
    assert!(took.as_millis() < 1000, "{took:?}");
    println!("450 ballots, 23 candidates: {took:?}");
}
