// Provisional: as the Rust side names it.

export type PrepaidGift = {
transaction: string,
date: string,
amount: string,
from: string,
to: string,
months: number,
counted: string,
};
