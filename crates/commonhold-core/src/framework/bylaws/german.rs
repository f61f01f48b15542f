//! The bylaws in German: a translation to be read beside the text that binds, which is the English
//! one and which it names by its SHA-256.

use super::text::{About, plain};
use super::{Answers, QUESTIONS, answer, rules};
use crate::id::Sha256;
use crate::records::governance::rule::Rule;
use std::fmt::Write;

/// A question in German: its name, what is asked, and what each answer means.
type Told = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The questions as the window asks them in German; a test holds both to be the same.
const TOLD: &[Told] = &[
    (
        "tie",
        "Was gilt bei Stimmengleichheit?",
        &[
            ("fails", "Bei Gleichstand ist nichts angenommen."),
            ("chair", "Bei Gleichstand entscheidet die Leitung."),
        ],
    ),
    (
        "abstentions",
        "Zählt eine Enthaltung zur Beteiligung?",
        &[
            ("count", "Wer sich enthält, hat teilgenommen."),
            ("do-not-count", "Nur wer mit Ja oder Nein stimmt, hat teilgenommen."),
        ],
    ),
    (
        "turnout",
        "Wie viele müssen an einer Änderung der Ordnung teilnehmen?",
        &[
            ("50", "Mindestens die Hälfte; genau die Hälfte reicht."),
            ("51", "Mindestens 51 %; genau die Hälfte reicht nicht."),
            ("67", "Mindestens 67 %."),
        ],
    ),
    (
        "governance-voters",
        "Wer stimmt über eine Änderung der Ordnung ab?",
        &[("members", "Mitglieder und Leitung."), ("all", "Beitragende, Mitglieder und Leitung.")],
    ),
    (
        "month",
        "Wie lange ist eine Abstimmung von einem Monat offen?",
        &[("31", "31 Tage."), ("30", "30 Tage.")],
    ),
    (
        "grace",
        "Wie lange nach dem Ende darf eine Stimme noch ankommen?",
        &[
            ("72", "72 Stunden, wenn sie vor dem Ende abgegeben wurde."),
            ("24", "24 Stunden, wenn sie vor dem Ende abgegeben wurde."),
            ("0", "Gar nicht: Was am Ende nicht da ist, zählt nicht."),
        ],
    ),
    (
        "membership-opens",
        "Wer darf jemanden als Mitglied vorschlagen?",
        &[
            ("anyone-involved", "Beitragende, Mitglieder und Leitung."),
            ("members", "Mitglieder und Leitung."),
        ],
    ),
    (
        "veto",
        "Wer legt gegen eine voreingenommene Frage Einspruch ein?",
        &[
            (
                "one",
                "Eine Person der Leitung; die Abstimmung läuft weiter, ihr Ergebnis zählt nicht.",
            ),
            ("nobody", "Niemand: Gegen eine voreingenommene Frage stimmt man mit Nein."),
        ],
    ),
];

/// Who belongs, in the framework's terms.
const BELONGS: &str = "## Wer dazugehört\n\n\
    - Beitragende machen auf irgendeine Weise mit. Niemand lässt sie zu.\n\
    - Mitglieder sind Beitragende, die hineingewählt wurden. Die Leitung sind Mitglieder, die für \
    den Dienst einstehen.\n\
    - Alle stehen nur für sich selbst, wer auch immer sie bezahlt. Eine Person hat eine Stimme.\n\
    - Jeden Januar sagen Mitglieder und Leitung, ob sie weitermachen. Wer binnen eines Monats \
    nicht antwortet, hat die Rolle verlassen.\n\
    - Wer für Arbeit bezahlt wird, sagt, von wem, wie viel, wie lange und wofür.\n\
    - Wer Mitglied oder Leitung ist und jede Abstimmung mit ihren Stimmen ist öffentlich.\n\
    - Vertrauliche Gespräche haben binnen einer Woche ein öffentliches Protokoll.\n\n";

fn roles(names: &[String]) -> String {
    let name = |name: &String| match name.as_str() {
        "contributor" => "Beitragende".to_owned(),
        "member" => "Mitglieder".to_owned(),
        "leadership" => "Leitung".to_owned(),
        other => other.to_owned(),
    };
    let names: Vec<String> = names.iter().map(name).collect();
    match names.as_slice() {
        [] => "niemand".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} und {last}", rest.join(", ")),
    }
}

fn subject(name: &str) -> &'static str {
    match name {
        "membership" => "Jemand wird Mitglied",
        "leadership" => "Jemand kommt in die Leitung",
        "treasurer" => "Die Kassenführung wird gewählt",
        "governance-change" => "Diese Ordnung ändert sich",
        "no-confidence" => "Jemand verliert gegen den eigenen Willen eine Rolle",
        "binding" => "Eine Frage bindet den Dienst",
        "phase-change" => "Der Dienst kommt in eine andere Phase",
        _ => "Eine Abstimmung",
    }
}

fn vote(rule: &Rule) -> String {
    let passes = match rule.method.as_str() {
        "plurality" => "gewählt ist, was die meisten Stimmen hat",
        _ => "angenommen mit mehr Ja als Nein",
    };
    let (subject, voters, days) =
        (subject(&rule.name), roles(&rule.electorate), rule.open_days_min);
    let mut told =
        format!("- **{subject}.** Abstimmen: {voters}; offen mindestens {days} Tage; {passes}");
    if let Some(percent) = rule.quorum_percent {
        let _ = write!(told, ", wenn mindestens {percent} % der Berechtigten teilnehmen");
    }
    told.push('.');
    if let Some(months) = rule.effect_delay_months {
        let months =
            if months == 1 { "einen Monat".to_owned() } else { format!("{months} Monate") };
        let _ = write!(told, " Es gilt {months} nach dem Ende der Abstimmung.");
    }
    if rule.seconds_needed.is_some_and(|needed| needed > 0) {
        let who = roles(&rule.second_roles);
        let _ = write!(
            told,
            " Alle dürfen sie verlangen; sie beginnt, sobald jemand aus {who} sie unterstützt."
        );
    }
    if rule.name == "phase-change" {
        told.push_str(" Auch was das Framework für diese Phase verlangt, muss erfüllt sein.");
    }
    told.push('\n');
    told
}

fn money(about: &About) -> String {
    let named =
        |name: &Option<String>, missing: &str| name.as_deref().map_or(missing.to_owned(), plain);
    let treasurer = named(&about.treasurer, "noch niemand; zu wählen, bevor der Dienst beginnt");
    let beneficiary =
        named(&about.beneficiary, "noch niemand; zu nennen, bevor diese Ordnung beschlossen wird");
    let mut text = format!(
        "## Geld\n\n\
         - Kassenführung: {treasurer}. Eine Person, durch Abstimmung gewählt, die für die Bücher \
         einsteht.\n\
         - Das Geld kommt von denen, die den Dienst nutzen, und von öffentlichen Stellen. Wer mehr \
         gibt, bekommt weder Einfluss noch Vorteile.\n\
         - Jede Spende und jede Ausgabe ist binnen eines Werktags öffentlich. Wer gibt, darf ungenannt \
         bleiben.\n\
         - Was übrig bleibt, bezahlt zuerst laufende Kosten, dann die, die den Dienst entwickeln, und \
         geht dann an die hier genannte gemeinnützige Stelle: {beneficiary}.\n\n"
    );
    if let Some((grace, shutdown)) = about.periods {
        let _ = write!(
            text,
            "Endet der Dienst, erfahren es die Nutzenden {grace} Tage, bevor etwas aufhört, und \
             können {shutdown} Tage lang ihre Daten mitnehmen.\n\n"
        );
    }
    text
}

/// The bylaws in German, with a first paragraph that says that the English text binds and which
/// one it is.
pub fn german(about: &About, answers: &Answers, binding: &str) -> String {
    let purpose = plain(&about.purpose);
    let purpose = if purpose.is_empty() { String::new() } else { format!("{purpose}\n\n") };
    let votes: String = rules(answers).iter().map(vote).collect();
    let open: String = QUESTIONS
        .iter()
        .filter_map(|question| TOLD.iter().find(|(id, ..)| *id == question.id))
        .map(|(id, question, means)| {
            let given = answer(answers, id);
            let said = means.iter().find(|(value, _)| *value == given).map_or("", |(_, said)| said);
            format!("- {question} {said}\n")
        })
        .collect();
    format!(
        "# Wie {} geordnet ist\n\n\
         **Dies ist eine Übersetzung. Es gilt allein der englische Text mit der SHA-256 `{}`.**\n\n\
         {purpose}\
         Dieser Dienst hält sich an das Open-Services-Framework, Version 1. Diese Ordnung sagt, was \
         das Framework dem Dienst überlässt.\n\n\
         {BELONGS}\
         ## Abstimmungen\n\n\
         Wer stimmberechtigt ist, steht fest, wenn eine Abstimmung beginnt. Bis zum Ende kann jede \
         Stimme geändert werden.\n\n\
         {votes}\n\
         ## Was das Framework offen lässt\n\n{open}\n{}\
         ## Änderung dieser Ordnung\n\n\
         Durch die oben genannte Abstimmung. Die geltende Fassung und jede frühere bleiben in den \
         Aufzeichnungen des Dienstes lesbar.\n",
        plain(&about.name),
        Sha256::of(binding.as_bytes()),
        money(about),
    )
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    #[test]
    fn every_answer_is_said_as_in_the_window_and_the_text_that_binds_is_named() {
        let window = include_str!("../../../../../ui/src/messages/de/bylaws.ts");
        let about = About { name: "Harbor".into(), ..About::default() };
        for question in QUESTIONS {
            let (_, asked, means) = TOLD.iter().find(|(id, ..)| *id == question.id).unwrap();
            assert!(window.contains(&format!("\"{asked}\"")), "{asked}");
            for choice in question.choices {
                let said = means.iter().find(|(value, _)| *value == choice.value).unwrap().1;
                assert!(window.contains(&format!("\"{said}\"")), "{said}");
                let one = [(question.id.to_owned(), choice.value.to_owned())];
                let answers = Answers::from(one);
                let binding = text(&about, &answers);
                let told = german(&about, &answers, &binding);
                assert!(told.contains(&format!("- {asked} {said}\n")), "{told}");
                assert!(told.contains(&Sha256::of(binding.as_bytes()).to_string()), "{told}");
            }
        }
    }

    #[test]
    fn both_texts_have_the_same_parts_and_say_the_same_numbers() {
        let about = About {
            name: "# Harbor".into(),
            purpose: "A mirror".into(),
            treasurer: Some("Ann".into()),
            beneficiary: Some("A foundation".into()),
            periods: Some((30, 180)),
        };
        let answers = Answers::from([("turnout".to_owned(), "67".to_owned())]);
        let english = text(&about, &answers);
        let told = german(&about, &answers, &english);
        let count = |text: &str, mark: &str| text.lines().filter(|l| l.starts_with(mark)).count();
        for mark in ["# ", "## ", "- "] {
            assert_eq!(count(&told, mark), count(&english, mark), "{mark}\n{told}");
        }
        for said in ["Ann", "A foundation", "67 %", "30", "180", "31", "\\# Harbor", "A mirror"] {
            assert!(told.contains(said) && english.contains(said), "{said}\n{told}");
        }
        assert!(told.lines().nth(2).unwrap().contains("Übersetzung"), "said before anything else");
    }
}
