// Provisional: as the Rust side names it.
import type { Outlook } from "./Outlook";

export type WhatIf = {
at: string,
currency: string,
supposed: Array<string>,
before: Outlook,
after: Outlook,
missing: Array<string>,
};
