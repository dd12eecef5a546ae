import type { TakenTexts } from '../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../shared/model/alert.ts';
import type { JsonObject } from '../../shared/model/json.ts';

/** What reading one record of a product came to. Bad input is a value here, never a throw. */
export type FormatResult =
  /**
   * `isStandIn` is for a record that says less than another one that the product may write with the same id: it is an
   * alert where that is not, and changes nothing of it.
   */
  | { kind: 'alert'; alert: NormalisedAlert; warnings: ReadWarning[]; isStandIn?: true }
  /** A record that is no alert by its own word (a flow, an audit event). Counted, not kept. */
  | { kind: 'skip'; why: string }
  | { kind: 'reject'; why: string };

/** One product's format. Pure: the same record gives the same alert, whenever and wherever it is read. */
export interface AlertFormat {
  /** Stable name, stored with each alert: `suricata-eve`, `wazuh`, `ocsf`, `elastic`, `manual`. */
  name: string;
  /** As people write it: "Suricata EVE". */
  label: string;
  /** 0 (not mine) to 1 (surely mine), from the record's own keys. Cheap: called for the first record of each shape. */
  recognises(record: JsonObject): number;
  /**
   * Set where the keys of a record do not say whose it is (a line of text, an envelope of AWS): then `recognises` is
   * called for every record instead of once for all records with the same keys.
   */
  recognisedBy?: 'content';
  /**
   * Of a format of the workspace that tells its records by values: whether a record with these keys could be its own.
   * Then no other format is taken for all records with the same keys.
   */
  mayClaim?(record: JsonObject): boolean;
  /**
   * `nearMs` is about when the record came in, for times that are written without a year or not at all. It may settle
   * the time only; the stable id never depends on it.
   */
  read(record: JsonObject, nearMs?: number): FormatResult;
  /** Texts that stand in the record as they are, so that a backtest can tell from its bytes that a rule cannot match. */
  taken?: TakenTexts;
}
