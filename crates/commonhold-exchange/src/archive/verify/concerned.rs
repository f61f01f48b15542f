//! After all files were read: which records the damaged ones concern, and where damage lies that no
//! file shows.

use super::Check;
use crate::archive::Error;
use crate::archive::damage::{UNAFFECTED, affected};
use crate::archive::limits::shown;
use crate::archive::locate::located;
use crate::archive::twins::Twins;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// Of how many files it is told which records they concern; each may cost a reading of all.
const MOST: usize = 50;

impl<R: Read + Seek> Check<'_, R> {
    /// Says behind each problem of a file which records it concerns.
    pub(super) fn name_records(&mut self) -> Result<(), Error> {
        let harmed = std::mem::take(&mut self.harmed);
        let bad: BTreeSet<String> = harmed.iter().map(|(_, path)| path.clone()).collect();
        let book = (self.report.name.as_str(), self.report.book);
        let twins = Twins::new(&mut self.zip, &self.top, &bad, &self.heads, book);
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for (place, path) in &harmed {
            if !told.insert(path) {
                continue;
            }
            if !(self.tell)(self.total, Some(self.total), path) {
                return Err(Error::Cancelled);
            }
            let words = if told.len() <= MOST { located(&twins, path) } else { affected(path) };
            if let Some(problem) = self.report.problems.get_mut(*place) {
                let sentence = problem.strip_suffix('.').unwrap_or(problem);
                *problem = format!("{sentence}{words}.");
            }
        }
        Ok(())
    }

    /// Damage that lies in no file: in what the ZIP says of them, or between them.
    pub(super) fn check_between(&mut self, sealed: Option<bool>, heads: &[String]) {
        for path in heads {
            let inner = path.strip_prefix(&self.top).unwrap_or(path);
            if !self.report.problems.iter().any(|problem| problem.starts_with(inner)) {
                let inner = shown(inner);
                self.problem(format!(
                    "{inner} is whole, but what the ZIP file says of it was altered{UNAFFECTED}."
                ));
            }
        }
        if sealed == Some(false) {
            let rest = if self.report.problems.is_empty() {
                format!(
                    "; the files in it are whole, the damage lies between them or in the \
                     list of them{UNAFFECTED}"
                )
            } else {
                String::new()
            };
            self.problem(format!("The file's own check sum does not fit its bytes{rest}."));
        }
    }
}
