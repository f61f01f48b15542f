// The one list of kinds.
import type { Kind } from "../generated/Kind";
import { account } from "./finance/account";
import { approval } from "./finance/approval";
import { batch } from "./finance/batch";
import { budget } from "./finance/budget";
import { channel } from "./finance/channel";
import { close } from "./finance/close";
import { donor } from "./finance/donor";
import { expense } from "./finance/expense";
import { fund } from "./finance/fund";
import { imported } from "./finance/import";
import { lease } from "./finance/lease";
import { outcome } from "./finance/outcome";
import { payee } from "./finance/payee";
import { pledge } from "./finance/pledge";
import { policy } from "./finance/policy";
import { price } from "./finance/price";
import { publication } from "./finance/publication";
import { reconciliation } from "./finance/reconciliation";
import { schedule } from "./finance/schedule";
import { statement } from "./finance/statement";
import { transaction } from "./finance/transaction";
import { attestation } from "./governance/attestation";
import { ballot } from "./governance/ballot";
import { decision } from "./governance/decision";
import { interest } from "./governance/interest";
import { intervention } from "./governance/intervention";
import { proposal } from "./governance/proposal";
import { rule } from "./governance/rule";
import { tally } from "./governance/tally";
import { contact } from "./governance/contact";
import { contribution } from "./governance/contribution";
import { disclosure } from "./governance/disclosure";
import { meeting } from "./governance/meeting";
import { person } from "./governance/person";
import { reaffirmation } from "./governance/reaffirmation";
import { drill } from "./product/drill";
import { firing } from "./product/firing";
import { publicInterface } from "./product/interface";
import { item } from "./product/item";
import { phase } from "./product/phase";
import { plan } from "./product/plan";
import { scenario } from "./product/scenario";
import { service } from "./product/service";
import { withdrawal } from "./governance/withdrawal";
import { manifesto } from "./governance/manifesto";
import { pairing } from "./governance/pairing";
import { session } from "./governance/session";
import { signature } from "./governance/signature";
import { venue } from "./governance/venue";
import { commons } from "./knowledge/commons";
import { feedback } from "./knowledge/feedback";
import { process } from "./knowledge/process";
import { runbook } from "./knowledge/runbook";
import { runbookRun } from "./knowledge/runbook-run";
import { action } from "./operations/action";
import { availability } from "./operations/availability";
import { change } from "./operations/change";
import { component } from "./operations/component";
import { continuity } from "./operations/continuity";
import { deploy } from "./operations/deploy";
import { incident } from "./operations/incident";
import { incidentLine } from "./operations/incident-line";
import { measurement } from "./operations/measurement";
import { review } from "./operations/review";
import { sealedValue } from "./operations/sealed-value";
import type { RecordKind } from "./kind";
import { page } from "./knowledge/page";
import { paths } from "./paths";
import { secret } from "./operations/secret";

export const kinds: RecordKind[] = [
  transaction, account, fund, price, imported, approval, payee, schedule, expense, policy, lease, batch, outcome,
  statement, reconciliation, close, budget, donor, pledge, channel, publication, person, contact, ballot, secret, page,
  service, withdrawal,
  proposal, rule, decision, interest, tally, intervention,
  attestation, phase, plan, scenario, firing, publicInterface, drill, meeting, disclosure, reaffirmation, contribution, item,
  deploy, change, incident, incidentLine, review, action, availability, measurement, continuity, component, sealedValue,
  runbook, runbookRun, process, feedback, commons, venue, session, pairing, manifesto, signature,
];

for (const { kind, path } of kinds) paths.set(kind, path);

export function kindByPath(path: string): RecordKind | undefined {
  return kinds.find((kind) => kind.path === path);
}

export function kindNamed(name: Kind): RecordKind | undefined {
  return kinds.find((kind) => kind.kind === name);
}
