//! What needs somebody, in English sentences: those of the window (`ui/src/messages/en/tray.ts`).

use super::Level;

/// What is said of one thing.
pub(super) struct Sentence {
    /// Which thing.
    pub what: &'static str,
    /// How pressing it is.
    pub level: Level,
    /// The sentence for one.
    pub one: &'static str,
    /// The sentence for several, and where nothing is counted.
    pub other: &'static str,
}

/// The sentences. A test holds them to be the window's.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        what: "approve-expense",
        level: Level::Notice,
        one: "{payee} asks for {amount}: {title}. Your approval is missing.",
        other: "{payee} asks for {amount}: {title}. Your approval is missing.",
    },
    Sentence {
        what: "approve-schedule",
        level: Level::Notice,
        one: "“{title}” of {payee}, {amount} each time, waits for your approval ahead.",
        other: "“{title}” of {payee}, {amount} each time, waits for your approval ahead.",
    },
    Sentence {
        what: "sign-close",
        level: Level::Notice,
        one: "The closed period {from} – {to} waits for your signature.",
        other: "The closed period {from} – {to} waits for your signature.",
    },
    Sentence {
        what: "double",
        level: Level::Critical,
        one: "“{title}” ({amount}) may be paid twice.",
        other: "“{title}” ({amount}) may be paid twice.",
    },
    Sentence {
        what: "held",
        level: Level::Warning,
        one: "“{title}” is held: some approve it, some reject it.",
        other: "“{title}” is held: some approve it, some reject it.",
    },
    Sentence {
        what: "returned",
        level: Level::Critical,
        one: "The payment “{title}” ({amount}) came back.",
        other: "The payment “{title}” ({amount}) came back.",
    },
    Sentence {
        what: "refused",
        level: Level::Critical,
        one: "The bank refused “{title}” ({amount}).",
        other: "The bank refused “{title}” ({amount}).",
    },
    Sentence {
        what: "pay",
        level: Level::Notice,
        one: "{n} bill is ready to be paid, {amount} in all.",
        other: "{n} bills are ready to be paid, {amount} in all.",
    },
    Sentence {
        what: "not-sent",
        level: Level::Notice,
        one: "{n} payment is in a file, and nobody said that it was sent.",
        other: "{n} payments are in a file, and nobody said that it was sent.",
    },
    Sentence {
        what: "lease-rivals",
        level: Level::Critical,
        one: "Two devices write payment files at the same time: {names}.",
        other: "Two devices write payment files at the same time: {names}.",
    },
    Sentence {
        what: "review",
        level: Level::Notice,
        one: "{n} imported entry is not sorted yet.",
        other: "{n} imported entries are not sorted yet.",
    },
    Sentence {
        what: "statement",
        level: Level::Warning,
        one: "The statements of {account} do not follow each other: {text}",
        other: "The statements of {account} do not follow each other: {text}",
    },
    Sentence {
        what: "late",
        level: Level::Warning,
        one: "{n} entry came after its period was closed.",
        other: "{n} entries came after their period was closed.",
    },
    Sentence {
        what: "unpublished",
        level: Level::Notice,
        one: "{n} entry is not public yet and should be.",
        other: "{n} entries are not public yet and should be.",
    },
    Sentence {
        what: "channel",
        level: Level::Warning,
        one: "The way to give “{title}” does not work.",
        other: "The way to give “{title}” does not work.",
    },
    Sentence {
        what: "conflict",
        level: Level::Warning,
        one: "Two versions of “{title}” were written while apart.",
        other: "Two versions of “{title}” were written while apart.",
    },
    Sentence {
        what: "rivals",
        level: Level::Warning,
        one: "“{title}” was corrected twice while apart.",
        other: "“{title}” was corrected twice while apart.",
    },
    Sentence {
        what: "ballot",
        level: Level::Notice,
        one: "Your vote on “{title}” is missing; it closes {date}.",
        other: "Your vote on “{title}” is missing; it closes {date}.",
    },
    Sentence {
        what: "count",
        level: Level::Notice,
        one: "The vote on “{title}” has ended and waits for your count.",
        other: "The vote on “{title}” has ended and waits for your count.",
    },
    Sentence {
        what: "recount",
        level: Level::Warning,
        one: "What arrived late asks for a re-count of “{title}”.",
        other: "What arrived late asks for a re-count of “{title}”.",
    },
    Sentence {
        what: "closing",
        level: Level::Notice,
        one: "{n} item of the closing checklist is not proved yet.",
        other: "{n} items of the closing checklist are not proved yet.",
    },
    Sentence {
        what: "phase-void",
        level: Level::Warning,
        one: "The move {from} → {to} of {date} has no effect. {text}",
        other: "The move {from} → {to} of {date} has no effect. {text}",
    },
    Sentence {
        what: "phase-archive",
        level: Level::Warning,
        one: "The archive of the move to {phase} on {date} is missing.",
        other: "The archive of the move to {phase} on {date} is missing.",
    },
    Sentence {
        what: "vote",
        level: Level::Notice,
        one: "A decision about {name} waits for your signature.",
        other: "A decision about {name} waits for your signature.",
    },
    Sentence {
        what: "join",
        level: Level::Notice,
        one: "{name} asks to join.",
        other: "{name} asks to join.",
    },
    Sentence {
        what: "rotate",
        level: Level::Warning,
        one: "{n} secret has to be changed, since somebody left.",
        other: "{n} secrets have to be changed, since somebody left.",
    },
    Sentence {
        what: "single-holder",
        level: Level::Warning,
        one: "{n} secret is held by one person alone.",
        other: "{n} secrets are held by one person alone.",
    },
    Sentence {
        what: "term",
        level: Level::Notice,
        one: "The term of {name} as {role} ends on {date}.",
        other: "The term of {name} as {role} ends on {date}.",
    },
    Sentence {
        what: "held-objects",
        level: Level::Warning,
        one: "{n} change of somebody removed is held back.",
        other: "{n} changes of somebody removed are held back.",
    },
    Sentence {
        what: "incident-open",
        level: Level::Critical,
        one: "The incident “{title}” ({severity}) is not over.",
        other: "The incident “{title}” ({severity}) is not over.",
    },
    Sentence {
        what: "incident-kept-back",
        level: Level::Warning,
        one: "An incident that is kept back ({severity}) is not over.",
        other: "An incident that is kept back ({severity}) is not over.",
    },
    Sentence {
        what: "embargo-ended",
        level: Level::Warning,
        one: "The embargo of “{title}” has ended, and it is still kept back.",
        other: "The embargo of “{title}” has ended, and it is still kept back.",
    },
    Sentence {
        what: "review-overdue",
        level: Level::Warning,
        one: "What was learned from “{title}” was to be published by {date}.",
        other: "What was learned from “{title}” was to be published by {date}.",
    },
    Sentence {
        what: "action-overdue",
        level: Level::Warning,
        one: "The follow-up “{text}” was to be done by {date}.",
        other: "The follow-up “{text}” was to be done by {date}.",
    },
    Sentence {
        what: "runbook-expired",
        level: Level::Warning,
        one: "The runbook “{title}” could be relied on until {date}.",
        other: "The runbook “{title}” could be relied on until {date}.",
    },
    Sentence {
        what: "process-expired",
        level: Level::Warning,
        one: "The process “{title}” could be relied on until {date}.",
        other: "The process “{title}” could be relied on until {date}.",
    },
    Sentence {
        what: "renewal",
        level: Level::Warning,
        one: "“{name}” must be renewed by {date}.",
        other: "“{name}” must be renewed by {date}.",
    },
    Sentence {
        what: "secrets-due",
        level: Level::Warning,
        one: "{n} secret should have been changed by now.",
        other: "{n} secrets should have been changed by now.",
    },
    Sentence {
        what: "runway",
        level: Level::Critical,
        one: "The money lasts {months} months without any income; “{title}” warns below {limit}.",
        other: "The money lasts {months} months without any income; “{title}” warns below {limit}.",
    },
    Sentence {
        what: "scenario",
        level: Level::Warning,
        one: "What the scenario “{title}” watches for has come about.",
        other: "What the scenario “{title}” watches for has come about.",
    },
];
