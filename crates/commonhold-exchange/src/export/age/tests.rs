use super::*;
use crate::outside;
use std::io::Write;
use std::process::{Command, Stdio};

/// Chance that is none: the same bytes in every run.
fn dice() -> impl FnMut(&mut [u8]) -> bool {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
        true
    }
}

fn person(number: u8) -> Identity {
    Identity::from_random([number; 32])
}

#[test]
fn keys_are_written_and_read() {
    let identity = person(7);
    let text = identity.to_text();
    assert!(text.starts_with("AGE-SECRET-KEY-1") && text.len() == 74, "{}", text.len());
    let back: Identity = text.parse().unwrap();
    assert_eq!(back.recipient(), identity.recipient());
    let recipient = identity.recipient().to_string();
    assert!(recipient.starts_with("age1") && recipient.len() == 62);
    assert_eq!(recipient.parse::<Recipient>().unwrap(), identity.recipient());
    assert_eq!(recipient.to_uppercase().parse::<Recipient>().unwrap(), identity.recipient());
    let wrong = recipient.replacen("age1", "agf1", 1);
    assert_eq!(wrong.parse::<Recipient>(), Err(AgeError::Recipient));
    let mut typed = recipient.clone();
    let last = typed.pop().unwrap();
    typed.push(if last == 'q' { 'p' } else { 'q' });
    for wrong in [typed.as_str(), "", "age1", "age1é", &"q".repeat(5_000), &*text] {
        assert_eq!(wrong.parse::<Recipient>(), Err(AgeError::Recipient), "{wrong}");
    }
    assert!(recipient.parse::<Identity>().is_err());
    assert!(!format!("{identity:?}").contains("SECRET"), "a secret is never shown");
    let file = format!("# created\n# public key: {recipient}\n{}\n", *text);
    assert_eq!(identities(&file).unwrap().len(), 1);
    assert!(identities("# nothing\n").is_err());
}

#[test]
fn what_is_sealed_opens_for_each_recipient_and_nobody_else() {
    let people = [person(1), person(2)];
    let to = [people[0].recipient(), people[1].recipient()];
    for length in [0, 1, 100, 65_535, 65_536, 65_537, 200_000] {
        let text = vec![b'x'; length];
        let sealed = seal(&text, &to, &mut dice()).unwrap();
        for one in &people {
            assert_eq!(*open(&sealed, std::slice::from_ref(one)).unwrap(), text);
            let armored = armor(&sealed);
            assert_eq!(*open(armored.as_bytes(), std::slice::from_ref(one)).unwrap(), text);
            let windows = armored.replace('\n', "\r\n");
            assert_eq!(*open(windows.as_bytes(), std::slice::from_ref(one)).unwrap(), text);
        }
        assert_eq!(open(&sealed, &[person(3)]).unwrap_err(), AgeError::Stranger);
        assert_eq!(open(&sealed, &[]).unwrap_err(), AgeError::Stranger);
    }
    assert_eq!(seal(b"x", &[], &mut dice()), Err(AgeError::Recipients));
    assert_eq!(seal(b"x", &to, &mut |_: &mut [u8]| false), Err(AgeError::Chance));
}

#[test]
fn every_changed_byte_and_every_cut_shows() {
    let one = person(1);
    let sealed = seal(b"the password", &[one.recipient()], &mut dice()).unwrap();
    let who = std::slice::from_ref(&one);
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&changed, who).is_err(), "byte {at}");
        assert!(open(&sealed[..at], who).is_err(), "cut at {at}");
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert_eq!(open(&longer, who).unwrap_err(), AgeError::Damaged);
    let mut twice = sealed.clone();
    twice.extend_from_slice(&sealed);
    assert!(open(&twice, who).is_err());
    for wrong in [b"".as_slice(), b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----"]
    {
        assert_eq!(open(wrong, who).unwrap_err(), AgeError::Form);
    }
}

#[test]
fn a_piece_that_is_left_out_shows() {
    let one = person(1);
    let text = vec![b'x'; 3 * 65_536];
    let sealed = seal(&text, &[one.recipient()], &mut dice()).unwrap();
    let short = &sealed[..sealed.len() - 65_552];
    assert_eq!(open(short, &[one]).unwrap_err(), AgeError::Damaged);
}

/// Runs a program of age with something to read; what it wrote, nothing when it is not here.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        outside::missing(program);
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(output.stdout)
}

#[test]
fn the_program_age_opens_what_is_sealed_here_and_the_other_way_round() {
    let folder = tempfile::tempdir().unwrap();
    let Some(file) = run("age-keygen", &[], b"") else { return };
    let key = folder.path().join("key.txt");
    std::fs::write(&key, &file).unwrap();
    let key = key.to_str().unwrap();
    let theirs = identities(std::str::from_utf8(&file).unwrap()).unwrap();
    let public = String::from_utf8(run("age-keygen", &["-y", key], b"").unwrap()).unwrap();
    assert_eq!(public.trim(), theirs[0].recipient().to_string());
    for text in [b"".as_slice(), b"user: ann\npassword: tr33\n", &vec![b'y'; 150_000]] {
        let to = [person(9).recipient(), theirs[0].recipient()];
        let sealed = seal(text, &to, &mut dice()).unwrap();
        assert_eq!(run("age", &["-d", "-i", key], &sealed).unwrap(), text);
        let armored = armor(&sealed);
        assert_eq!(run("age", &["-d", "-i", key], armored.as_bytes()).unwrap(), text);
        let (own, second) = (person(9).recipient().to_string(), public.trim());
        for form in [&["-r", second, "-r", &*own][..], &["-a", "-r", &*own, "-r", second]] {
            let sealed = run("age", form, text).unwrap();
            assert_eq!(*open(&sealed, &[person(4), person(9)]).unwrap(), text);
        }
    }
}
