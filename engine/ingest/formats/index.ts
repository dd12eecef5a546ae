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

/** The formats of one workspace: those of this program and those that its own mappings describe. */
export interface FormatCatalogue {
  /** In the order in which they are asked whether a record is theirs. */
  readonly formats: readonly AlertFormat[];
  /** By its stable name, as `--format` takes it. */
  named(name: string): AlertFormat | null;
  /** The format that claims this record most surely; null when none does. */
  recognise(record: JsonObject): AlertFormat | null;
  /** Whether every record with the keys of this one is of this format, whatever its values say. */
  isToldByKeys(record: JsonObject, format: AlertFormat): boolean;
}

/** Less than this is a resemblance and no recognition. */
const SURE_ENOUGH = 0.5;

/** A catalogue of these formats. Of two with one name the first counts. */
export function catalogueOf(formats: readonly AlertFormat[]): FormatCatalogue {
  const byName = new Map<string, AlertFormat>();
  for (const format of formats) if (!byName.has(format.name)) byName.set(format.name, format);
  const tellingByValue = formats.filter((format) => format.mayClaim !== undefined);
  return {
    formats,
    named: (name) => byName.get(name) ?? null,
    recognise: (record) => mostSure(formats, record),
    isToldByKeys: (record, format) =>
      format.recognisedBy !== 'content' && !tellingByValue.some((other) => other.mayClaim?.(record) === true),
  };
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

/** A format of this program by its stable name. */
export function formatNamed(name: string): AlertFormat | null {
  return BUILT_IN.named(name);
}

/** The format of this program that claims this record most surely; null when none does. */
export function recogniseFormat(record: JsonObject): AlertFormat | null {
  return BUILT_IN.recognise(record);
}
