//! Where a run lies: a folder that is removed at the end, with generated files and profiles.

use crate::measure::{self, Measure};
use crate::{Failed, generate};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of one run.
pub struct Place {
    folder: tempfile::TempDir,
    program: PathBuf,
    bench: PathBuf,
    /// Transactions in the large book.
    pub size: usize,
    /// How often each row is measured.
    pub repeat: usize,
}

impl Place {
    /// Makes the folder; `commonhold` must lie beside this program.
    pub fn new(size: usize, repeat: usize) -> Result<Self, Failed> {
        let bench = std::env::current_exe()?;
        let program = bench.with_file_name("commonhold");
        if !program.is_file() {
            return Err("commonhold is not built: cargo build --release -p commonhold-cli".into());
        }
        let folder = tempfile::Builder::new().prefix("commonhold-bench-").tempdir()?;
        Ok(Self { folder, program, bench, size, repeat })
    }

    /// A path in the folder.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The CSV of a size, its mapping and its journal; made when first asked for.
    pub fn files(&self, size: usize) -> Result<(PathBuf, PathBuf), Failed> {
        let (csv, journal) = (self.at(&format!("{size}.csv")), self.at(&format!("{size}.journal")));
        if !csv.is_file() {
            let payments = generate::payments(size);
            fs::write(&csv, generate::csv(&payments))?;
            fs::write(&journal, generate::journal(&payments))?;
            fs::write(self.at("mapping.json"), generate::MAPPING)?;
            fs::write(self.at("rules"), generate::RULES)?;
        }
        Ok((csv, journal))
    }

    /// Runs `commonhold` on a profile.
    pub fn commonhold(&self, home: &Path, words: &[&str]) -> Result<Measure, Failed> {
        let mut command = Command::new(&self.program);
        measure::process(command.arg("--home").arg(home).args(words))
    }

    /// What `commonhold --json` answers on a profile.
    pub fn answer(&self, home: &Path, words: &[&str]) -> Result<serde_json::Value, Failed> {
        let mut command = Command::new(&self.program);
        let output = command.arg("--home").arg(home).arg("--json").args(words).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stdout).into_owned().into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Runs another program in the folder.
    pub fn other(&self, program: &str, words: &[&str]) -> Result<Measure, Failed> {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(words);
        measure::process(&mut command)
    }

    /// Runs this program again as a profile that is open; answers with what it measured and with
    /// the most memory it had.
    pub fn warm(
        &self,
        home: &Path,
        what: &str,
        more: &[String],
    ) -> Result<(serde_json::Value, u64), Failed> {
        let mut command = Command::new(&self.bench);
        let output = command.args(["--warm", what]).arg(home).args(more).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let value: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let peak = value.get("peak").and_then(serde_json::Value::as_u64).unwrap_or(0);
        Ok((value, peak))
    }

    /// A profile with an empty service and the saved mapping.
    pub fn empty(&self, name: &str) -> Result<PathBuf, Failed> {
        let home = self.at(name);
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        self.files(1000)?;
        self.commonhold(
            &home,
            &[
                "service",
                "new",
                "--name",
                "Bench",
                "--purpose",
                "x",
                "--category",
                "package-mirror",
            ],
        )?;
        let mapping = self.at("mapping.json").display().to_string();
        self.commonhold(&home, &["import", "save-mapping", "bank", &mapping])?;
        Ok(home)
    }

    /// Imports the CSV of a size into a profile.
    pub fn import(&self, home: &Path, size: usize) -> Result<Measure, Failed> {
        let csv = self.files(size)?.0.display().to_string();
        self.commonhold(home, &["import", "csv", &csv, "--mapping", "bank"])
    }

    /// A profile with a book of a size; made when first asked for, and not to be written to.
    pub fn book(&self, size: usize) -> Result<PathBuf, Failed> {
        let home = self.at(&format!("book-{size}"));
        if !home.exists() {
            self.empty(&format!("book-{size}"))?;
            self.import(&home, size)?;
        }
        Ok(home)
    }

    /// A copy of such a profile that may be written to. Its device is the same one.
    pub fn copy(&self, size: usize, name: &str) -> Result<PathBuf, Failed> {
        let (from, to) = (self.book(size)?, self.at(name));
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        fs::create_dir(&to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(to)
    }
}

/// Bytes of all files below a folder.
pub fn bytes_below(folder: &Path) -> Result<u64, Failed> {
    let mut sum: u64 = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let more = if entry.file_type()?.is_dir() {
            bytes_below(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
        sum = sum.saturating_add(more);
    }
    Ok(sum)
}
