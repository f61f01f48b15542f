// The one list of kinds.
import type { Kind } from "../generated/Kind";
import { account } from "./finance/account";
import { approval } from "./finance/approval";
import { fund } from "./finance/fund";
import { imported } from "./finance/import";
import { price } from "./finance/price";
import { transaction } from "./finance/transaction";
import { ballot } from "./governance/ballot";
import { contact } from "./governance/contact";
import { person } from "./governance/person";
import { service } from "./product/service";
import { withdrawal } from "./governance/withdrawal";
import type { RecordKind } from "./kind";
import { page } from "./knowledge/page";
import { secret } from "./operations/secret";

export const kinds: RecordKind[] = [
  transaction, account, fund, price, imported, approval, person, contact, ballot, secret, page, service, withdrawal,
];

export function kindByPath(path: string): RecordKind | undefined {
  return kinds.find((kind) => kind.path === path);
}

export function kindNamed(name: Kind): RecordKind | undefined {
  return kinds.find((kind) => kind.kind === name);
}
