// The one list of kinds.
import type { Kind } from "../generated/Kind";
import { account } from "./finance/account";
import { fund } from "./finance/fund";
import { imported } from "./finance/import";
import { price } from "./finance/price";
import { transaction } from "./finance/transaction";
import { person } from "./governance/person";
import { service } from "./product/service";
import { withdrawal } from "./governance/withdrawal";
import type { RecordKind } from "./kind";
import { page } from "./knowledge/page";

export const kinds: RecordKind[] = [
  transaction, account, fund, price, imported, person, page, service, withdrawal,
];

export function kindByPath(path: string): RecordKind | undefined {
  return kinds.find((kind) => kind.path === path);
}

export function kindNamed(name: Kind): RecordKind | undefined {
  return kinds.find((kind) => kind.kind === name);
}
