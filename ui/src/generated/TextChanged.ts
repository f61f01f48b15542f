// Provisional: as the Rust side names it.

export type TextChanged = {
from: string,
to: string,
};
