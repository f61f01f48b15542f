//! A bundle: consecutive objects of one log in one file (`docs/FORMAT.md`, bundles). The name says
//! what is inside and how long it is, so that a half-written file is seen without reading it:
//! `<first>-<last>-<bytes>.cho`, each number in hexadecimal, sixteen digits.

/// Most objects in one bundle.
pub const MAX_OBJECTS: usize = 1000;
/// Bytes after which a bundle is closed.
pub const TARGET_BYTES: usize = 4 << 20;
/// Longest bundle that is read, in bytes: the longest object and one target more.
pub const MAX_BYTES: u64 = 24 << 20;

/// What a bundle's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Number of the first object.
    pub first: u64,
    /// Number of the last object.
    pub last: u64,
    /// Length of the file in bytes.
    pub bytes: u64,
}

impl Name {
    /// Reads a file's name; nothing when it is not a bundle's.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(".cho")?.split('-');
        let mut number = || {
            let text = parts.next().filter(|text| text.len() == 16)?;
            let plain = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            plain.then(|| u64::from_str_radix(text, 16).ok()).flatten()
        };
        let name = Self { first: number()?, last: number()?, bytes: number()? };
        let count = name.last.checked_sub(name.first)?;
        let fits = usize::try_from(count).is_ok_and(|count| count < MAX_OBJECTS);
        let sensible = name.first >= 1 && fits && name.bytes <= MAX_BYTES;
        (sensible && parts.next().is_none()).then_some(name)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}-{:016x}-{:016x}.cho", self.first, self.last, self.bytes)
    }
}

/// Joins objects: each with its length before it, u32 big-endian.
pub fn pack(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for object in objects {
        let length = u32::try_from(object.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(object);
    }
    out
}

/// Takes a bundle apart; nothing when the lengths do not fit the bytes, or when there are more
/// objects than a bundle holds: a few zeros each would fill the memory.
pub fn unpack(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut objects = Vec::new();
    while !bytes.is_empty() {
        if objects.len() == MAX_OBJECTS {
            return None;
        }
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (object, rest) = rest.split_at_checked(length)?;
        objects.push(object.to_vec());
        bytes = rest;
    }
    Some(objects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_others_are_not_ours() {
        let name = Name { first: 1, last: 255, bytes: 4096 };
        assert_eq!(Name::parse(&name.to_string()), Some(name));
        let text = name.to_string();
        for other in [
            text.replace(".cho", " (conflicted copy).cho"),
            text.replace(".cho", ".sync-conflict-20261121.cho"),
            text.to_uppercase(),
            format!(".tmp-{text}"),
            Name { first: 0, ..name }.to_string(),
            Name { first: 9, last: 8, ..name }.to_string(),
            Name { bytes: MAX_BYTES + 1, ..name }.to_string(),
        ] {
            assert_eq!(Name::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn cut_bundles_are_refused() {
        let objects = vec![vec![1; 10], vec![], vec![2; 300]];
        let bytes = pack(&objects);
        assert_eq!(unpack(&bytes), Some(objects));
        let whole: Vec<usize> = vec![0, 14, 18];
        for cut in 0..bytes.len() {
            assert_eq!(unpack(&bytes[..cut]).is_some(), whole.contains(&cut), "{cut}");
        }
    }
}
