//! The steps of a runbook, read from its Markdown: the items of its numbered lists. Inside one,
//! lines that begin with `expect:`, `verify:` or `undo:` say what one should see, how one finds out
//! that it worked, and how it is taken back.

/// Most steps of one runbook.
pub const MAX_STEPS: usize = 500;

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "RunbookStep"))]
pub struct Step {
    /// Its place in the whole text, from 1: lists that begin again go on counting.
    pub number: u32,
    /// What to do, as written, with all its lines.
    pub text: String,
    /// What one should see.
    pub expect: Option<String>,
    /// How one finds out that it worked.
    pub verify: Option<String>,
    /// How it is taken back.
    pub undo: Option<String>,
}

/// Where the text of a numbered item begins, where a line begins one: its indentation, the column
/// of its text, and the text.
fn item(line: &str) -> Option<(usize, usize, &str)> {
    let rest = line.trim_start_matches(' ');
    let indent = line.len().saturating_sub(rest.len());
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len().saturating_sub(after.len());
    if !(1..=3).contains(&digits) {
        return None;
    }
    let after = after.strip_prefix(['.', ')'])?;
    let text = after.trim_start();
    if !text.is_empty() && text.len() == after.len() {
        return None;
    }
    Some((indent, indent.saturating_add(digits).saturating_add(2), text))
}

/// A line that belongs to one of the three, without its word.
fn marked(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim().trim_start_matches(['-', '*']).trim_start();
    let (word, rest) = line.split_once(':')?;
    let word = word.trim_matches(['*', '_']).to_lowercase();
    let known = ["expect", "verify", "undo"].into_iter().find(|known| *known == word)?;
    Some((known, rest.trim_start_matches(['*', '_']).trim()))
}

fn put(field: &mut Option<String>, text: &str) {
    match field {
        Some(there) => {
            there.push('\n');
            there.push_str(text);
        }
        None => *field = Some(text.to_owned()),
    }
}

/// Reads the steps of a body. Text before the first step and below headings belongs to none; what
/// stands between code fences is never a step of its own.
pub fn steps(body: &str) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    let (mut column, mut fenced, mut within) = (0, false, false);
    for line in body.lines() {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let begins = if fenced || fence { None } else { item(line) };
        if let Some((indent, text_at, text)) = begins
            && (indent <= 3 && (!within || indent < column))
        {
            if found.len() == MAX_STEPS {
                break;
            }
            let number = u32::try_from(found.len()).unwrap_or(u32::MAX).saturating_add(1);
            found.push(Step { number, text: text.trim_end().to_owned(), ..Step::default() });
            (column, within) = (text_at, true);
            continue;
        }
        fenced ^= fence;
        if !fenced && line.starts_with('#') {
            within = false;
        }
        let Some(step) = found.last_mut().filter(|_| within) else { continue };
        match marked(line).filter(|_| !fenced) {
            Some(("expect", text)) => put(&mut step.expect, text),
            Some(("verify", text)) => put(&mut step.verify, text),
            Some((_, text)) => put(&mut step.undo, text),
            None => {
                step.text.push('\n');
                step.text.push_str(line.trim_end());
            }
        }
    }
    for step in &mut found {
        step.text = step.text.trim().to_owned();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "# Disk full\n\nFirst look.\n\n1. Look at the disk:\n   ```\n   1. df -h\n   expect: no mark\n   ```\n   expect: below 90 %\n2. Remove old logs\n   - **Verify:** `df` says less\n   - undo: restore from the backup\n     of the night\n   1. nested\n\n## If that was not enough\n\nCall somebody.\n\n1) Add a disk\n   verify: one\n   verify: two\n";

    #[test]
    fn steps_are_read_with_what_belongs_to_them() {
        let found = steps(BODY);
        let numbers: Vec<u32> = found.iter().map(|step| step.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(found[0].text.contains("1. df -h") && found[0].text.contains("expect: no mark"));
        assert_eq!(found[0].expect.as_deref(), Some("below 90 %"));
        assert_eq!(found[1].verify.as_deref(), Some("`df` says less"));
        assert_eq!(found[1].undo.as_deref(), Some("restore from the backup"));
        assert!(found[1].text.contains("nested") && !found[1].text.contains("Call"));
        assert_eq!(found[2].text, "Add a disk");
        assert_eq!(found[2].verify.as_deref(), Some("one\ntwo"));
    }

    #[test]
    fn what_is_no_list_has_no_steps_and_many_are_bounded() {
        assert!(steps("").is_empty());
        assert!(steps("Version 1.2 came\n2026.\nnot 1. this\n1.5 GB\n12345. too long").is_empty());
        assert_eq!(steps(&"1. again\n".repeat(600)).len(), MAX_STEPS);
        assert_eq!(
            steps("1.\n   what to do\n2. é: ü"),
            [
                Step { number: 1, text: "what to do".into(), ..Step::default() },
                Step { number: 2, text: "é: ü".into(), ..Step::default() },
            ]
        );
    }
}
