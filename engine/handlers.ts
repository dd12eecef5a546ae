import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../shared/contract/index.ts';
import type { DecisionKind, Statement } from '../shared/model/decision.ts';
import type { Role } from '../shared/model/vocabulary.ts';
import type { Tables } from './store/schema.ts';
import type { Write } from './store/store.ts';

/** Who calls, as the host knows it. Never read from a payload. */
export interface Session {
  personId: string | null;
  roles: readonly Role[];
  /** True on hosts of one person or one desk, where saying who one is needs no proof. */
  canSwitchPerson: boolean;
  /** Lets `workspace.signIn` change who sits here. Throws `forbidden` where `canSwitchPerson` is false. */
  switchTo(personId: string, roles: readonly Role[]): void;
  /**
   * Reads the roster anew, before each call where a link once proved who this is: it outlives a change of roles.
   * Throws `unauthenticated` for somebody who is on the team no longer.
   */
  renew?(): Promise<void>;
}

export interface CallContext {
  session: Session;
}

type Inputs = InferContractRouterInputs<Contract>;
type Outputs = InferContractRouterOutputs<Contract>;

/** Type of one procedure's input after zod, and of its answer. */
export type InputOf<N extends keyof Contract, P extends keyof Inputs[N]> = import('zod').output<
  // biome-ignore lint/suspicious/noExplicitAny: the contract's own inference needs it
  Contract[N][P & keyof Contract[N]] extends { '~orpc': { inputSchema?: infer S extends import('zod').ZodType<any> } }
    ? S
    : never
>;
export type OutputOf<N extends keyof Contract, P extends keyof Outputs[N]> = Outputs[N][P];

/** One plain function for each procedure of the contract. A missing one does not compile. */
export type Handlers = {
  [N in keyof Contract]: {
    [P in keyof Outputs[N] & keyof Inputs[N]]: (context: CallContext, input: InputOf<N, P>) => Promise<OutputOf<N, P>>;
  };
};

/** What a command sees: the open transaction, the one time of this command, and who decides. */
export interface CommandContext {
  tx: Write;
  nowMs: number;
  actor: Actor;
  /** Says what changed; one feed row is written for the whole transaction. `id` is a group's. */
  touch(kind: ChangeKind, id?: number): void;
  /**
   * Appends this decision to the ledger and gives its number, which is the `decisionId` that undo takes.
   * An answer's `seq` is filled in by the writer; a handler puts 0 there.
   */
  record(entry: DecisionEntry): Promise<number>;
}

/** What a decision did to one group: the columns that it changed, or the whole group where it was joined or split. */
export interface DecisionSubject {
  groupId: number;
  before: Partial<Tables['alert_group']> | { row: object | null };
  after: Partial<Tables['alert_group']> | { row: object | null };
  /** Version of the group after this decision. */
  versionAfter: number;
}

export interface DecisionEntry {
  kind: DecisionKind;
  /** What the person's client said they decide; null where a machine decides. */
  statement: Statement | null;
  /** One sentence for timelines: "Closed as false positive: scanner in maintenance window". */
  summary: string;
  subjects: readonly DecisionSubject[];
  /** The decision that this one takes back. */
  undoOf?: number | null;
}

export type Actor =
  | { kind: 'person'; id: string; name: string; roles: readonly Role[] }
  | { kind: 'rule'; id: string; version: number }
  | { kind: 'system'; id: string };

export type ChangeKind =
  | 'group'
  | 'alert'
  | 'escalation'
  | 'note'
  | 'view'
  | 'rule'
  | 'roster'
  | 'lists'
  | 'source'
  | 'workspace'
  | 'band';

/** A command: load, decide, write. Runs on the writer inside one transaction; throws EngineError to refuse. */
export type CommandHandler<I, O> = (context: CommandContext, input: I) => Promise<O>;
