//! The votes of version 1 of the framework (“Votes of version 1”), as the rules they are.

use crate::records::governance::rule::Rule;

const RULES: &str = include_str!("votes_v1.json");

/// The rules built in, in the framework's order. A service's bylaws may set others by writing a
/// rule of the same name.
pub fn rules() -> Vec<Rule> {
    serde_json::from_str(RULES).unwrap_or_default()
}

/// The built-in rule of a name.
pub fn rule(name: &str) -> Option<Rule> {
    rules().into_iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn the_seven_rules_are_sound_and_say_what_the_framework_says() {
        let rules = rules();
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        let seven = [
            "membership",
            "leadership",
            "treasurer",
            "governance-change",
            "no-confidence",
            "binding",
            "phase-change",
        ];
        assert_eq!(names, seven);
        for rule in &rules {
            let mut problems = Vec::new();
            rule.check(&mut problems);
            assert_eq!(problems, [], "{}", rule.name);
            assert_eq!((rule.tie.as_str(), rule.grace()), ("fails", 72), "{}", rule.name);
        }
        let days: Vec<i64> = rules.iter().map(|rule| rule.open_days_min).collect();
        assert_eq!(days, [7, 14, 14, 31, 7, 14, 14]);
        let change = rule("governance-change").unwrap();
        assert_eq!((change.quorum_percent, change.effect_delay_months), (Some(50), Some(1)));
        assert_eq!(rule("no-confidence").unwrap().seconds_needed, Some(1));
        assert_eq!(rule("binding").unwrap().veto, ["leadership"]);
    }
}
