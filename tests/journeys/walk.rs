//! Runs the `console` blocks of the walks beside this file, line by line.

use crate::support::program::{commonhold, run};

/// Whether a line is as it should be; `…` stands for anything.
fn fits(wanted: &str, found: &str) -> bool {
    let mut parts = wanted.split('…');
    let Some(mut rest) = parts.next().and_then(|first| found.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The commands of a text, each with the lines it must print.
fn steps(text: &str) -> Vec<(String, Vec<String>)> {
    let mut steps: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (line.starts_with("```"), inside, line.strip_prefix("$ ")) {
            (true, ..) => inside = line == "```console",
            (_, true, Some(command)) => steps.push((command.to_owned(), Vec::new())),
            (_, true, None) => steps.last_mut().unwrap().1.push(line.to_owned()),
            _ => {}
        }
    }
    steps
}

fn walk(text: &str) {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("home");
    for (command, wanted) in steps(text) {
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("commonhold"), "{command}");
        let done = commonhold(&home).args(words).current_dir(place.path()).output().unwrap();
        let mut found: Vec<String> =
            String::from_utf8(done.stdout).unwrap().lines().map(str::to_owned).collect();
        let errors = String::from_utf8(done.stderr).unwrap();
        found.extend(errors.lines().take(1).map(str::to_owned));
        if done.status.code() != Some(0) {
            found.push(format!("[exit {}]", done.status.code().unwrap()));
        }
        let fine = found.len() == wanted.len()
            && wanted.iter().zip(&found).all(|(wanted, found)| fits(wanted, found));
        assert!(fine, "$ {command}\nwanted {wanted:#?}\nfound {found:#?}");
    }
}

#[test]
fn the_first_hour() {
    let text = include_str!("first_hour.md");
    assert!(steps(text).len() >= 7);
    walk(text);
}

#[test]
fn a_line_that_differs_is_noticed() {
    assert!(fits("a … c", "a b c") && fits("a…", "a") && fits("", ""));
    assert!(!fits("a … c", "a b d") && !fits("ab", "a") && !fits("…b", "ba"));
}

#[test]
fn the_tour_leads_through_everything() {
    let place = tempfile::tempdir().unwrap();
    let into = place.path().join("tour");
    let said = run(&place.path().join("home"), &["tour", "--into", into.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    for word in ["Runway without any income", "identical", "0 problems", "harbor.zip"] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    assert!(into.join("harbor.zip").is_file());
    let again = run(&place.path().join("home"), &["tour", "--into", into.to_str().unwrap()]);
    assert_eq!(again.code, 2, "an occupied folder is left alone");
}
