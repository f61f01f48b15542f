#!/usr/bin/env python3
"""Counts the votes of an archive again, without the program that wrote it.

Use: python3 recount.py [data/governance]    (the one beside this file, where nothing is said)
Reads proposals.csv, ballots.csv, interventions.csv and tallies.csv, counts the ballots each signed
tally names, and says whether it comes to the same. Exit code 1: something does not.
Yes or no, most votes, and Schulze's method (winning votes); other methods are named and left out.
"""
import csv, json, pathlib, sys
csv.field_size_limit(10**7)
folder = pathlib.Path((sys.argv + [pathlib.Path(__file__).parent / "governance"])[1])
rows = lambda name: list(csv.DictReader(open(folder / name, newline="", encoding="utf-8")))
many = lambda cell: json.loads(cell) if cell else []

def schulze(options, ballots, default):
    rank = lambda b, o: b.index(o) if o in b else len(options)
    d = {(x, y): sum(rank(b, x) < rank(b, y) for b in ballots) for x in options for y in options}
    left = [o for o in options if default is None or o != default and d[o, default] > d[default, o]]
    p = {(x, y): d[x, y] if d[x, y] > d[y, x] else 0 for x in left for y in left}
    for k in left:
        for i in left:
            for j in left:
                if i != j:
                    p[i, j] = max(p[i, j], min(p[i, k], p[k, j]))
    return [x for x in left if ballots and all(p[x, y] >= p[y, x] for y in left)]

def winner(rule, options, ballots):
    """The option that wins, or None: a tie, nobody, or the default option."""
    chosen = [b["choice"] for b in ballots]
    votes = {option: chosen.count(option) for option in options}
    method, default = rule["method"], rule.get("default_option")
    if method == "simple-majority":
        return "yes" if votes["yes"] > votes["no"] else None
    if method == "supermajority":
        base = votes["yes"] + votes["no"]
        enough = votes["yes"] and votes["yes"] * rule["denominator"] >= base * rule["numerator"]
        return "yes" if enough else None
    if method == "plurality":
        best = [o for o in options if votes[o] == max(votes.values()) and votes[o]]
    elif method == "schulze":
        best = schulze(options, [r for r in (many(b["ranking"]) for b in ballots) if r], default)
    else:
        raise NotImplementedError(method)
    return best[0] if len(best) == 1 and best[0] != default else None

def recount(proposal, tally, ballots, words):
    """The result and the winner by the ballots a tally names; every voter once, on the roll."""
    rule, roll = json.loads(proposal["terms"]), set(many(proposal["roll"]))
    if rule["tie"] == "chair":
        raise NotImplementedError("leadership decides a tie")
    counted = [ballots[id] for id in many(tally["counted"])]
    voters = [b["voter"] for b in counted]
    assert all(b["proposal"] == proposal["id"] for b in counted), "a ballot of another vote"
    assert len(set(voters)) == len(voters) and set(voters) <= roll, "a voter twice, or off the roll"
    said = [words[id] for id in many(tally["interventions"])]
    who = lambda kind, allowed: {w["person"] for w in said if w["kind"] == kind} & set(allowed)
    seconds = who("second", many(proposal["seconders"])) - {proposal["person"]}
    if len(seconds) < rule.get("seconds_needed", 0):
        return "not-started", ""
    if who("veto", many(proposal["vetoers"])):
        return "vetoed", ""
    part = [b for b in counted if rule["quorum_counts_abstentions"] or b["choice"] != "abstain"]
    won = winner(rule, many(proposal["options"]), counted)
    enough = len(part) * 100 >= len(roll) * rule.get("quorum_percent", 0)
    return ("passed", won) if won is not None and enough else ("not-passed", "")

wrong, proposals = 0, {p["id"]: p for p in rows("proposals.csv")}
ballots = {b["id"]: b for b in rows("ballots.csv")}
words = {w["id"]: w for w in rows("interventions.csv")}
for tally in (t for t in rows("tallies.csv") if t["state"] == "ok"):
    proposal = proposals[tally["proposal"]]
    try:
        found = recount(proposal, tally, ballots, words)
    except NotImplementedError as method:
        print(f"left out ({method}): {proposal['title']}")
        continue
    same = found == (tally["result"], tally["winner"])
    wrong += not same
    print("the same" if same else "DIFFERS", *found, "|", tally["statement"], sep="  ")
sys.exit(bool(wrong))
