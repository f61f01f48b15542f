// Provisional: as the Rust side names it.
import type { Coverage } from "./Coverage";
import type { Runway } from "./Runway";

export type Outlook = {
runway: Runway,
coverage: Coverage,
};
