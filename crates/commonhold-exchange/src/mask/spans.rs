//! Places in a line that are to be masked, and how they are joined.

/// A place in a line, in bytes, and what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    /// The first byte after it.
    pub(super) end: usize,
    /// One of [`super::KINDS`].
    pub(super) kind: &'static str,
}

/// The places of one line, in the order of their rules: what was found first names the kind.
#[derive(Debug, Default)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    /// Notes a place; an empty one is nothing.
    pub(super) fn add(&mut self, start: usize, end: usize, kind: &'static str) {
        if start < end {
            self.0.push(Span { start, end, kind });
        }
    }

    /// The places noted so far, of one kind or of all, to look things up in.
    pub(super) fn taken(&self, kind: Option<&str>) -> Taken {
        let of = |span: &&Span| kind.is_none_or(|kind| span.kind == kind);
        let mut ranges: Vec<(usize, usize)> =
            self.0.iter().filter(of).map(|span| (span.start, span.end)).collect();
        ranges.sort_unstable();
        let mut out: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match out.last_mut() {
                Some((_, last)) if start < *last => *last = end.max(*last),
                _ => out.push((start, end)),
            }
        }
        Taken(out)
    }

    /// The places from left to right, none touching another: where two overlap, all of both is one
    /// place of the kind that was noted first, so that no end of a secret sticks out.
    pub(super) fn joined(self) -> Vec<Span> {
        let mut ranked: Vec<(usize, Span)> = self.0.into_iter().enumerate().collect();
        ranked.sort_by_key(|(rank, span)| (span.start, *rank));
        let mut out: Vec<(usize, Span)> = Vec::with_capacity(ranked.len());
        for (rank, span) in ranked {
            match out.last_mut() {
                Some((best, last)) if span.start < last.end => {
                    last.end = last.end.max(span.end);
                    if rank < *best {
                        *best = rank;
                        last.kind = span.kind;
                    }
                }
                _ => out.push((rank, span)),
            }
        }
        out.into_iter().map(|(_, span)| span).collect()
    }
}

/// Places in order, none touching another.
pub(super) struct Taken(Vec<(usize, usize)>);

impl Taken {
    /// Whether any of it is taken.
    pub(super) fn touches(&self, start: usize, end: usize) -> bool {
        let next = self.0.partition_point(|(_, stop)| *stop <= start);
        self.0.get(next).is_some_and(|(from, _)| *from < end)
    }
}

/// The character before a place.
pub(super) fn before(line: &str, at: usize) -> Option<char> {
    line.get(..at)?.chars().next_back()
}

/// The character at a place.
pub(super) fn after(line: &str, at: usize) -> Option<char> {
    line.get(at..)?.chars().next()
}

/// The last `count` bytes before a place, or a little less where a character would be cut.
pub(super) fn tail(line: &str, at: usize, count: usize) -> &str {
    let mut from = at.saturating_sub(count);
    while from < at && !line.is_char_boundary(from) {
        from = from.saturating_add(1);
    }
    line.get(from..at).unwrap_or_default()
}

/// Whether a character goes on a word or a number.
pub(super) fn is_word(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}
