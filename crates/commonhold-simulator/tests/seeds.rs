//! Three hundred runs, each of which must hold; the same seed does the same; and what is broken on
//! purpose is noticed.

use commonhold_simulator::{Broken, Settings, run};

const SEEDS: u64 = 300;
const THREADS: u64 = 2;

#[test]
fn three_hundred_seeds_hold() {
    let failed = std::thread::scope(|scope| {
        let part = |thread: u64| {
            move || {
                let seeds = (1..=SEEDS).filter(move |seed| seed % THREADS == thread);
                let outcomes = seeds.map(|seed| run(seed, Settings::default()));
                outcomes.filter(|outcome| outcome.failed.is_some()).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(part(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let sentences: Vec<String> = failed
        .iter()
        .map(|outcome| {
            let (seed, why) = (outcome.seed, outcome.failed.as_ref().unwrap());
            format!("seed {seed} failed: {why} — reproduce: make simulate SEED={seed}")
        })
        .collect();
    assert!(sentences.is_empty(), "{}", sentences.join("\n"));
}

#[test]
fn the_same_seed_does_the_same() {
    for seed in [3, 8, 21] {
        let (one, other) = (run(seed, Settings::default()), run(seed, Settings::default()));
        assert!(one.steps > 30, "{seed} did nothing");
        assert_eq!(one.last, other.last, "{seed}");
        assert_eq!((one.hash, one.counts), (other.hash, other.counts), "{seed}");
    }
}

#[test]
fn a_broken_world_is_noticed() {
    for broken in [Broken::NoHonestPlace, Broken::DroppedWrite] {
        let settings = Settings { broken: Some(broken), ..Settings::default() };
        let noticed = (1..=6).filter(|seed| run(*seed, settings).failed.is_some()).count();
        assert!(noticed >= 5, "{broken:?} is noticed in {noticed} of 6 runs only");
    }
}
