//! A command of the user's own: a program with its arguments, told one payment at a time as JSON
//! on its standard input. No shell reads anything; time and answers are bounded.

use super::{Handed, PayLine, PayOrder, PayOut, Ready, Trouble};
use crate::clock::monotonic;
use commonhold_exchange::export::hook::{HookPayment, VERSION};
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longest a command may take for one payment, in milliseconds.
const TIMEOUT: u64 = 60_000;
/// Most bytes of an answer that are read.
const MAX_ANSWER: u64 = 64 * 1024;
/// Most characters of an answer that are kept.
const MAX_SAID: usize = 300;
/// Most characters of what a payment is for; the whole document then fits into a pipe.
const MAX_REMITTANCE: usize = 1_000;
/// How long the rest of an answer is waited for after the command has ended.
const REST: Duration = Duration::from_secs(1);
/// Between two looks whether it has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// A program that carries out what it is told, such as payments.
pub struct Command {
    parts: Vec<String>,
    timeout: u64,
}

impl Command {
    /// A program, by its path, and its arguments.
    pub fn new(parts: Vec<String>) -> Self {
        Self { parts, timeout: TIMEOUT }
    }

    /// The same with less patience, in milliseconds.
    pub fn within(mut self, timeout: u64) -> Self {
        self.timeout = timeout;
        self
    }

    /// Tells the program one thing, such as a payment. `Ok(true)`: it says it did it; `Ok(false)`: it
    /// says it did not; an error: nobody knows. The second part is the first line of its answer.
    pub fn tell(&self, document: &str) -> Result<(bool, String), String> {
        let (program, arguments) = self.parts.split_first().ok_or("There is no command.")?;
        let mut child = std::process::Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program} could not be started: {error}."))?;
        let (tell, answer) = mpsc::channel();
        if let Some(out) = child.stdout.take() {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let _ = out.take(MAX_ANSWER).read_to_end(&mut bytes);
                let _ = tell.send(bytes);
            });
        }
        if let Some(mut input) = child.stdin.take() {
            // A program may answer without reading all; what it answers counts.
            let _ = input.write_all(document.as_bytes());
        }
        let status = self.wait(&mut child)?;
        // What it started may hold its output open for longer than it lives itself.
        let bytes = answer.recv_timeout(REST).unwrap_or_default();
        let said = String::from_utf8_lossy(&bytes);
        let said = said.lines().next().unwrap_or_default();
        Ok((status, said.chars().take(MAX_SAID).collect()))
    }

    fn wait(&self, child: &mut Child) -> Result<bool, String> {
        let begun = monotonic();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(status.success()),
                Ok(None) if monotonic().saturating_sub(begun) < self.timeout => {
                    thread::sleep(PAUSE);
                }
                other => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(match other {
                        Err(error) => format!("The command was lost: {error}."),
                        _ => "The command took too long and was ended.".into(),
                    });
                }
            }
        }
    }

    fn document(line: &PayLine) -> Result<String, Trouble> {
        let payment = HookPayment {
            v: VERSION,
            end_to_end_id: line.end_to_end_id.clone(),
            payee: line.payee_name.clone(),
            iban: line.iban.clone(),
            bic: line.bic.clone(),
            amount: line.amount.decimal(),
            currency: line.amount.currency,
            remittance: line.remittance.chars().take(MAX_REMITTANCE).collect(),
            due: line.due,
        };
        payment.document().map_err(|error| (Some(line.expense), format!("{error}.")))
    }
}

impl PayOut for Command {
    fn channel(&self) -> &'static str {
        "command"
    }

    fn format(&self, _: &PayOrder) -> &'static str {
        "payments.jsonl"
    }

    fn extension(&self) -> &'static str {
        "jsonl"
    }

    fn prepare(&self, order: &PayOrder) -> Result<Ready, Vec<Trouble>> {
        let documents: Result<Vec<String>, Trouble> =
            order.lines.iter().map(Self::document).collect();
        let documents = documents.map_err(|trouble| vec![trouble])?;
        Ok(Ready::of(documents.concat().into_bytes()))
    }

    fn next_step(&self, file: &str) -> String {
        format!(
            "The payment command was told what stands in {file}. Nothing is paid until a \
             statement shows it."
        )
    }

    fn hand_over(&self, order: &PayOrder) -> Vec<Handed> {
        let mut handed = Vec::new();
        for line in &order.lines {
            let told = Self::document(line).map_err(|(_, why)| why);
            let (result, said) = match told.and_then(|document| self.tell(&document)) {
                Ok((true, said)) => (Some("sent"), said),
                Ok((false, said)) => (Some("rejected"), said),
                Err(why) => (None, why),
            };
            handed.push(Handed { expense: line.expense, result, said });
        }
        handed
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn command(script: &str) -> Command {
        Command::new(["/bin/sh", "-c", script].map(str::to_owned).to_vec()).within(1_500)
    }

    #[test]
    fn a_command_is_told_on_its_input_and_its_answer_is_bounded() {
        let echo = command("read line; echo \"got $line\"").tell("{\"v\":1}\n").unwrap();
        assert_eq!(echo, (true, "got {\"v\":1}".to_owned()));
        let refuses = command("echo 'no money'; exit 3").tell("{}\n").unwrap();
        assert_eq!(refuses, (false, "no money".to_owned()));
        let endless = command("while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
        let (_, said) = endless.tell("{}\n").unwrap_or((false, String::new()));
        assert!(said.chars().count() <= MAX_SAID);
    }

    #[test]
    fn a_command_that_hangs_or_is_missing_is_not_known_to_have_paid() {
        let hangs = command("sleep 60").within(100).tell("{}\n").unwrap_err();
        assert!(hangs.contains("too long"), "{hangs}");
        let missing = Command::new(vec!["/nowhere/pay".into()]).tell("{}\n").unwrap_err();
        assert!(missing.contains("/nowhere/pay"), "{missing}");
        assert!(Command::new(Vec::new()).tell("{}\n").is_err());
    }
}
