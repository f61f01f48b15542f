#!/usr/bin/env python3
"""Adds up an archive's money again, without the program that wrote it.

Use: python3 recompute.py [FOLDER]    (the folder this file lies in, where nothing is said)
Adds what counts in finance/postings.csv, and apart from it in records/transactions.jsonl, and
compares both with finance/trial-balance.csv. Exit code 1: something differs.
"""
import csv, json, pathlib, sys
from collections import defaultdict
from decimal import Decimal, getcontext
getcontext().prec = 60
csv.field_size_limit(10**7)
folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
rows = lambda name: csv.DictReader(open(folder / "finance" / name, newline="", encoding="utf-8"))
LARGE = Decimal(10) ** 15  # beyond it the program may have left a sum empty
wrong = []

def compare(what, found, said):
    for key in sorted(set(found) | set(said)):
        there, here = said.get(key), found.get(key, Decimal(0))
        if there == "" and abs(here) > LARGE:
            continue
        if there is None or there == "" or Decimal(there) != here:
            wrong.append(f"{what}: {' '.join(key)}: adds up to {here}, the archive says {there}")

tables, records, apart = (defaultdict(Decimal) for _ in range(3))
counts = {row["id"]: row["state"] for row in rows("transactions.csv") if row["state"] != "rival"}
for row in rows("postings.csv"):
    if counts.get(row["transaction"], "rival") != row["state"]:
        wrong.append(f"postings.csv: {row['transaction']} is {row['state']}, not as its transaction")
    if row["state"] == "ok":
        key = (row["fund"], row["account"], row["currency"])
        tables[key] += Decimal(row["amount"])
        apart[row["transaction"], row["fund"], row["currency"]] += Decimal(row["amount"])
wrong += [f"{' '.join(key)}: is off balance by {sum}" for key, sum in apart.items() if sum]
with open(folder / "records" / "transactions.jsonl", encoding="utf-8") as lines:
    for record in map(json.loads, lines):
        for posting in record["fields"]["postings"] if record["state"] == "ok" else []:
            amount, currency = posting["amount"].split(" ")
            records[posting["fund"], posting["account"], currency] += Decimal(amount)
balance = list(rows("trial-balance.csv"))
said = {(row["fund"], row["account"], row["currency"]): row["amount"] for row in balance}
compare("postings.csv", tables, said)
compare("transactions.jsonl", records, said)
types = {row["id"]: row["type"] for row in rows("accounts.csv") if row["state"] == "ok"}
funds, held = {row["fund"]: row["fund_name"] for row in balance}, defaultdict(Decimal)
for (fund, account, currency), sum in tables.items():
    if types.get(account) in ("asset", "liability"):
        held[fund, currency] += sum
        held["", currency] += sum
for (fund, currency), sum in sorted(held.items()):
    print(f"{sum} {currency}", " ".join(funds.get(fund, "all funds").split()), sep="  ")
print(*wrong, f"{len(said)} sums of {len(counts)} transactions: "
      + ("DIFFERENT" if wrong else "the same"), sep="\n")
sys.exit(bool(wrong))
