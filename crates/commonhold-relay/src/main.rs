//! The relay's side of storage: it knows books, logs and bundles by their names and sizes and can
//! read nothing inside them. It does not listen yet: objects are not sealed in this version, and a
//! relay must never hold what it could read. What it can do today is say whether a shared folder
//! is whole, without a profile and without a key.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod shelf;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

const USE: &str = "Use: commonhold-relay inspect FOLDER
Says which books and logs lie in a shared folder, and what is missing from them.
This version does not listen: share a folder instead (commonhold sync --with FOLDER).";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (verb, folder) = (arguments.next(), arguments.next().map(PathBuf::from));
    let (Some(verb), Some(folder), None) = (verb, folder, arguments.next()) else {
        let _ = writeln!(std::io::stderr(), "{USE}");
        return ExitCode::from(2);
    };
    if verb != "inspect" {
        let _ = writeln!(std::io::stderr(), "{USE}");
        return ExitCode::from(2);
    }
    match shelf::inspect(&folder) {
        Ok(found) => {
            let mut whole = true;
            for line in &found {
                whole &= line.missing.is_empty();
                let _ = writeln!(std::io::stdout(), "{line}");
            }
            ExitCode::from(u8::from(!whole))
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error}", folder.display());
            ExitCode::from(3)
        }
    }
}
