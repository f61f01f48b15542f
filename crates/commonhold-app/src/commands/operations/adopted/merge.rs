//! Joining two texts that began as one, line by line.

use super::Both;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::ops::Range;

/// Most work a comparison may be, in lines of one text times lines of the other; what is more is
/// one change as a whole.
const MOST: usize = 4_000_000;

/// Lines that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The line it begins at in the text as it is here, from 1.
    pub line: usize,
    /// The lines as they were taken over.
    pub before: String,
    /// The lines as they are here.
    pub own: String,
    /// The lines as the other service has them now.
    pub theirs: String,
}

/// Two texts as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The text.
    pub text: String,
    /// What only the other service changed.
    pub taken: Vec<Change>,
    /// What was changed only here, or by both in the same way.
    pub own: Vec<Change>,
    /// Where both changed the same lines, each in another way.
    pub both: Vec<Change>,
}

/// A change of one side: lines of the old text, and those that stand for them.
#[derive(Clone, Debug)]
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

fn shifted(range: Range<usize>, by: usize) -> Range<usize> {
    range.start.saturating_add(by)..range.end.saturating_add(by)
}

/// What differs between two texts, in order.
fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = |lines: usize| lines.saturating_sub(head);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let tail = tail.min(rest(old.len())).min(rest(new.len()));
    let middle = |lines: &[&str]| head..lines.len().saturating_sub(tail);
    let (from, to) = (middle(old), middle(new));
    if from.is_empty() && to.is_empty() {
        return Vec::new();
    }
    if from.len().saturating_mul(to.len()) > MOST {
        return vec![Hunk { old: from, new: to }];
    }
    let (inner, outer) = (old.get(from).unwrap_or_default(), new.get(to).unwrap_or_default());
    capture_diff_slices(Algorithm::Myers, inner, outer)
        .iter()
        .filter(|op| op.tag() != DiffTag::Equal)
        .map(|op| Hunk { old: shifted(op.old_range(), head), new: shifted(op.new_range(), head) })
        .collect()
}

/// One side's changes that were not looked at yet.
struct Side<'a> {
    lines: Vec<&'a str>,
    hunks: std::iter::Peekable<std::vec::IntoIter<Hunk>>,
    /// Where the last change ended, in the old text and in this one.
    old: usize,
    new: usize,
}

impl<'a> Side<'a> {
    fn over(base: &[&str], text: &'a str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let hunks = hunks(base, &lines).into_iter().peekable();
        Self { lines, hunks, old: 0, new: 0 }
    }

    /// Takes in the changes that touch lines of the old text, which may grow by that. Says whether
    /// there were any.
    fn touch(&mut self, region: &mut Range<usize>) -> bool {
        let mut found = false;
        while let Some(hunk) = self.hunks.next_if(|hunk| {
            let (begin, end) = (hunk.old.start, region.end);
            begin < end || begin == end && (hunk.old.is_empty() || region.start >= region.end)
        }) {
            region.end = region.end.max(hunk.old.end);
            (self.old, self.new, found) = (hunk.old.end, hunk.new.end, true);
        }
        found
    }

    /// Where an unchanged line of the old text is in this one, after the changes so far.
    fn moved(&self, old: usize) -> usize {
        self.new.saturating_add(old).saturating_sub(self.old)
    }

    fn text(&self, range: Range<usize>) -> String {
        self.lines.get(range).unwrap_or_default().concat()
    }
}

/// Joins what two sides made of one text.
pub fn merge(base: &str, own: &str, theirs: &str, choice: Both) -> Merged {
    let lines: Vec<&str> = base.split_inclusive('\n').collect();
    let (mut own, mut theirs) = (Side::over(&lines, own), Side::over(&lines, theirs));
    let (mut merged, mut at) = (Merged::default(), 0_usize);
    loop {
        let next = [own.hunks.peek(), theirs.hunks.peek()];
        let Some(start) = next.into_iter().flatten().map(|hunk| hunk.old.start).min() else {
            break;
        };
        merged.text.push_str(&lines.get(at..start).unwrap_or_default().concat());
        let mut region = start..start;
        let (begin_own, begin_theirs) = (own.moved(start), theirs.moved(start));
        let (mut by_own, mut by_theirs) = (false, false);
        loop {
            let before = region.clone();
            by_own |= own.touch(&mut region);
            by_theirs |= theirs.touch(&mut region);
            if region == before {
                break;
            }
        }
        let said = |side: &Side<'_>, begin: usize| side.text(begin..side.moved(region.end));
        let change = Change {
            line: begin_own.saturating_add(1),
            before: lines.get(region.clone()).unwrap_or_default().concat(),
            own: said(&own, begin_own),
            theirs: said(&theirs, begin_theirs),
        };
        at = region.end;
        take(&mut merged, change, (by_own, by_theirs), choice);
    }
    merged.text.push_str(&lines.get(at..).unwrap_or_default().concat());
    merged
}

fn take(merged: &mut Merged, change: Change, by: (bool, bool), choice: Both) {
    match by {
        (false, _) => {
            merged.text.push_str(&change.theirs);
            merged.taken.push(change);
        }
        (true, theirs) if !theirs || change.own == change.theirs => {
            merged.text.push_str(&change.own);
            merged.own.push(change);
        }
        _ => {
            let kept = if choice == Both::Theirs { &change.theirs } else { &change.own };
            merged.text.push_str(kept);
            merged.both.push(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\n";

    fn text(own: &str, theirs: &str) -> (String, usize, usize, usize) {
        let found = merge(BASE, own, theirs, Both::Ask);
        (found.text, found.taken.len(), found.own.len(), found.both.len())
    }

    #[test]
    fn what_each_side_changed_is_there() {
        assert_eq!(text(BASE, BASE), (BASE.into(), 0, 0, 0));
        let own = "one\nTWO\nthree\nfour\nfive\n";
        let theirs = "zero\none\ntwo\nthree\nfour\nFIVE\nsix\n";
        let both = "zero\none\nTWO\nthree\nfour\nFIVE\nsix\n";
        assert_eq!(text(own, theirs), (both.into(), 2, 1, 0));
        assert_eq!(text(theirs, own), (both.into(), 1, 2, 0), "either way round");
        assert_eq!(text(BASE, theirs), (theirs.into(), 2, 0, 0));
        assert_eq!(text(own, own), (own.into(), 0, 1, 0), "the same change is one");
        assert_eq!(text("one\n", BASE), ("one\n".into(), 0, 1, 0), "what was taken out stays out");
        assert_eq!(text("", BASE).0, "");
        let end = "one\ntwo\nthree\nfour\nfive";
        assert_eq!(text(end, BASE).0, end, "without its last line end");
        let moved = "one\nthree\nfour\nfive\n";
        assert_eq!(text(moved, theirs).0, "zero\none\nthree\nfour\nFIVE\nsix\n");
    }

    #[test]
    fn where_both_changed_the_same_lines_both_are_shown() {
        let own = "one\nmine\nthree\nfour\nfive\n";
        let theirs = "one\nyours\nthree\nfour\nand more\nfive\n";
        let found = merge(BASE, own, theirs, Both::Own);
        assert_eq!(found.text, "one\nmine\nthree\nfour\nand more\nfive\n");
        let [change] = &found.both[..] else { panic!("{found:?}") };
        assert_eq!(change.line, 2);
        assert_eq!(
            (&*change.before, &*change.own, &*change.theirs),
            ("two\n", "mine\n", "yours\n")
        );
        let found = merge(BASE, own, theirs, Both::Theirs);
        assert_eq!(found.text, theirs);
        let (own, theirs) = ("one\na\nfive\n", "one\ntwo\nb\nthree\nfour\nfive\n");
        let found = merge(BASE, own, theirs, Both::Own);
        assert_eq!((found.text.as_str(), found.both.len()), (own, 1), "in the middle of it");
        assert_eq!(merge(BASE, own, theirs, Both::Theirs).text, theirs);
        let found = merge(BASE, &format!("{BASE}a\n"), &format!("{BASE}b\n"), Both::Ask);
        assert_eq!(found.both.len(), 1, "at the same end");
    }

    #[test]
    fn every_pair_of_small_changes_keeps_what_nobody_touched() {
        let base: Vec<String> = (0..6).map(|n| format!("{n}\n")).collect();
        let edits = |mark: &str| {
            let mut all = Vec::new();
            for at in 0..6 {
                for kind in 0..3 {
                    let mut lines = base.clone();
                    match kind {
                        0 => lines[at] = format!("{mark}{at}\n"),
                        1 => lines.insert(at, format!("{mark}{at}\n")),
                        _ => drop(lines.remove(at)),
                    }
                    all.push(lines.concat());
                }
            }
            all
        };
        let base = base.concat();
        for own in edits("a") {
            for theirs in edits("b") {
                let kept = merge(&base, &own, &theirs, Both::Own);
                let other = merge(&base, &theirs, &own, Both::Theirs);
                assert_eq!(kept.text, other.text, "{own:?} {theirs:?}");
                if kept.both.is_empty() {
                    for (text, mark) in [(&own, 'a'), (&theirs, 'b')] {
                        for line in text.lines().filter(|line| line.starts_with(mark)) {
                            assert!(kept.text.lines().any(|l| l == line), "{own:?} {theirs:?}");
                        }
                    }
                } else {
                    assert_eq!(kept.text, own);
                    assert_eq!(merge(&base, &own, &theirs, Both::Theirs).text, theirs);
                }
            }
        }
        let long: String = (0..3_000).map(|n| format!("{n}\n")).collect();
        let other: String = (0..3_000).map(|n| format!("x{n}\n")).collect();
        assert_eq!(merge(&long, &long, &other, Both::Ask).text, other);
    }
}
