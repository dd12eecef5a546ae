import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat } from '../format.ts';
import { carbonBlack } from './carbon-black.ts';
import { cef } from './cef.ts';
import { crowdstrike } from './crowdstrike.ts';
import { defenderXdr } from './defender-xdr.ts';
import { elastic } from './elastic.ts';
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
  manual,
];

/** By its stable name, as `--format` takes it. */
export function formatNamed(name: string): AlertFormat | null {
  return FORMATS.find((format) => format.name === name) ?? null;
}

/** Less than this is a resemblance and no recognition. */
const SURE_ENOUGH = 0.5;

/** The format that claims this record most surely; null when none does. */
export function recogniseFormat(record: JsonObject): AlertFormat | null {
  let best: AlertFormat | null = null;
  let bestClaim = SURE_ENOUGH;
  for (const format of FORMATS) {
    const claim = format.recognises(record);
    if (claim === 1) return format;
    if (claim > bestClaim || (claim === bestClaim && best === null)) {
      best = format;
      bestClaim = claim;
    }
  }
  return best;
}
