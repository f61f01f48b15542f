// How much hangs on few, in one sentence: the share and the amount, and no colour.
import type { Concentration } from "../../generated/Concentration";
import { formatMoney } from "../../money";
import { t } from "../../words";

export function concentrationSentence(report: Concentration): string {
  const [largest] = report.donors;
  if (!largest) return t("give.nobody");
  const values = { name: largest.name, share: largest.share, amount: formatMoney(largest.amount) };
  const first = t("give.largest.one", values);
  const top = report.rows.find((row) => row.id === "top-three");
  return report.count > 3 && top ? `${first} ${t("give.largest.three", { share: top.value, n: report.count })}` : first;
}
