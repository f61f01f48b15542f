//! Bech32 (BIP 173) without its bound on length: how age writes its keys.

/// The 32 letters.
const LETTERS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of the checksum.
const CHECK: usize = 6;
/// Longest text that is looked at.
const MAX: usize = 200;

/// A prefix and bytes as text in small letters.
pub(super) fn encode(prefix: &str, bytes: &[u8]) -> String {
    let mut values = regroup(bytes, 8, 5, true).unwrap_or_default();
    let check = checksum(prefix, &values);
    values.extend((0..CHECK).map(|place| {
        let shift = u32::try_from(5_usize.saturating_sub(place).saturating_mul(5)).unwrap_or(0);
        let part = check.checked_shr(shift).unwrap_or(0) & 31;
        u8::try_from(part).unwrap_or(0)
    }));
    let letter =
        |value: &u8| LETTERS.as_bytes().get(usize::from(*value)).map_or('q', |b| char::from(*b));
    format!("{prefix}1{}", values.iter().map(letter).collect::<String>())
}

/// The prefix in small letters and the bytes of a text; nothing when it was mistyped, mixes capitals
/// and small letters, or is too long.
pub(super) fn decode(text: &str) -> Option<(String, Vec<u8>)> {
    let lower = text.to_ascii_lowercase();
    let mixed = text != lower && text != text.to_ascii_uppercase();
    let (prefix, data) = lower.rsplit_once('1')?;
    if mixed || text.len() > MAX || prefix.is_empty() || data.len() < CHECK || !text.is_ascii() {
        return None;
    }
    let value = |letter: char| u8::try_from(LETTERS.find(letter)?).ok();
    let values: Vec<u8> = data.chars().map(value).collect::<Option<_>>()?;
    if polymod(prefix, &values) != 1 {
        return None;
    }
    let body = values.get(..values.len().saturating_sub(CHECK))?;
    Some((prefix.to_owned(), regroup(body, 5, 8, false)?))
}

fn checksum(prefix: &str, values: &[u8]) -> u32 {
    let mut all = values.to_vec();
    all.extend([0; CHECK]);
    polymod(prefix, &all) ^ 1
}

fn polymod(prefix: &str, values: &[u8]) -> u32 {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let mut sum = 1_u32;
    for value in high.chain([0]).chain(low).chain(values.iter().copied()) {
        let top = sum >> 25;
        sum = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        for (bit, part) in
            [0x3b6a_57b2_u32, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3].iter().enumerate()
        {
            if (top >> bit) & 1 == 1 {
                sum ^= part;
            }
        }
    }
    sum
}

/// Bits in groups of another size. Bits left over are zeros, or it is nothing.
fn regroup(values: &[u8], from: u32, to: u32, pad: bool) -> Option<Vec<u8>> {
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mask = (1_u32.checked_shl(to)?).saturating_sub(1);
    let mut out = Vec::new();
    for value in values {
        held = ((held << from) | u32::from(*value)) & 0xfff;
        bits = bits.saturating_add(from);
        while bits >= to {
            bits = bits.saturating_sub(to);
            out.push(u8::try_from((held >> bits) & mask).ok()?);
        }
    }
    let rest = (held << to.saturating_sub(bits)) & mask;
    match (pad, bits) {
        (true, 1..) => out.push(u8::try_from(rest).ok()?),
        (false, _) if bits >= from || rest != 0 => return None,
        _ => {}
    }
    Some(out)
}
