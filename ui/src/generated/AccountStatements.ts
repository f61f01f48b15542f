// Provisional: as the Rust side names it.
import type { ReconciliationRow } from "./ReconciliationRow";
import type { StatementRow } from "./StatementRow";

export type AccountStatements = {
account: string,
path: string,
chained: boolean,
rows: Array<StatementRow>,
reconciliations: Array<ReconciliationRow>,
sentence: string,
};
