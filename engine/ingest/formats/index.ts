import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat } from '../format.ts';
import { carbonBlack } from './carbon-black.ts';
import { cef } from './cef.ts';
import { crowdstrike } from './crowdstrike.ts';
import { defenderEndpoint } from './defender-endpoint.ts';
import { defenderXdr } from './defender-xdr.ts';
import { elastic } from './elastic.ts';
import { evenwatch } from './evenwatch.ts';
import { falco } from './falco.ts';
import { guardduty } from './guardduty.ts';
import { leef } from './leef.ts';
import { manual } from './manual.ts';
import { microsoftGraph } from './microsoft-graph.ts';
import { ocsf } from './ocsf.ts';
import { okta } from './okta.ts';
import { proofpoint } from './proofpoint.ts';
import { securityHub } from './security-hub.ts';
import { sentinel } from './sentinel.ts';
import { sentinelone } from './sentinelone.ts';
import { suricataEve } from './suricata-eve.ts';
import { suricataFast } from './suricata-fast.ts';
import { syslog } from './syslog.ts';
import { wazuh } from './wazuh.ts';
import { zeekNotice } from './zeek-notice.ts';

/** All products that can be read, the most frequent first. A new product is one file and one line here. */
export const FORMATS: readonly AlertFormat[] = [
  suricataEve,
  wazuh,
  elastic,
  ocsf,
  guardduty,
  securityHub,
  microsoftGraph,
  defenderEndpoint,
  defenderXdr,
  sentinel,
  crowdstrike,
  sentinelone,
  carbonBlack,
  proofpoint,
  okta,
  falco,
  zeekNotice,
  suricataFast,
  cef,
  leef,
  syslog,
  manual,
  evenwatch,
];

/** Mapping files as their texts, for another thread to make the same catalogue of. */
export interface MappingTexts {
  /** Those of the workspace and of the program that are in force, in the order in which they are asked. */
  inForce: readonly string[];
  /** Those of the workspace that were in force before, the newest first: what they read can still be shown. */
  earlier: readonly string[];
}

export const NO_MAPPINGS: MappingTexts = { inForce: [], earlier: [] };

/** The formats of one workspace: those of this program and those that its own mappings describe. */
export interface FormatCatalogue {
  /**
   * The catalogue as it is at this moment, which never changes: whoever reads more than one record takes it first, so
   * that a whole slice is read by the same formats.
   */
  readonly now: FormatCatalogue;
  /** In the order in which they are asked whether a record is theirs. */
  readonly formats: readonly AlertFormat[];
  /** The mappings among them, and those that were. */
  readonly mappings: MappingTexts;
  /** By its stable name, as `--format` takes it. */
  named(name: string): AlertFormat | null;
  /** How records of this name were read before, the newest way first: by mappings that were changed or removed. */
  earlier(name: string): readonly AlertFormat[];
  /** The format that claims this record most surely; null when none does. */
  recognise(record: JsonObject): AlertFormat | null;
  /** Whether every record with the keys of this one is of this format, whatever its values say. */
  isToldByKeys(record: JsonObject, format: AlertFormat): boolean;
}

/** Less than this is a resemblance and no recognition. */
const SURE_ENOUGH = 0.5;

const NONE_EARLIER = { texts: NO_MAPPINGS, earlier: (): readonly AlertFormat[] => [] };

/** A catalogue of these formats. Of two with one name the first counts. `made` says from what mappings they are. */
export function catalogueOf(
  formats: readonly AlertFormat[],
  made: { texts: MappingTexts; earlier(name: string): readonly AlertFormat[] } = NONE_EARLIER,
): FormatCatalogue {
  const byName = new Map<string, AlertFormat>();
  for (const format of formats) if (!byName.has(format.name)) byName.set(format.name, format);
  const tellingByValue = formats.filter((format) => format.mayClaim !== undefined);
  const catalogue: FormatCatalogue = {
    get now() {
      return catalogue;
    },
    formats,
    mappings: made.texts,
    named: (name) => byName.get(name) ?? null,
    earlier: (name) => made.earlier(name),
    recognise: (record) => mostSure(formats, record),
    isToldByKeys: (record, format) =>
      format.recognisedBy !== 'content' && !tellingByValue.some((other) => other.mayClaim?.(record) === true),
  };
  return catalogue;
}

function mostSure(formats: readonly AlertFormat[], record: JsonObject): AlertFormat | null {
  let best: AlertFormat | null = null;
  let bestClaim = SURE_ENOUGH;
  for (const format of formats) {
    const claim = format.recognises(record);
    if (claim === 1) return format;
    if (claim > bestClaim || (claim === bestClaim && best === null)) {
      best = format;
      bestClaim = claim;
    }
  }
  return best;
}

/** What this program reads without any mapping of the workspace. */
export const BUILT_IN: FormatCatalogue = catalogueOf(FORMATS);

/** The format of this program that claims this record most surely; null when none does. */
export function recogniseFormat(record: JsonObject): AlertFormat | null {
  return BUILT_IN.recognise(record);
}
