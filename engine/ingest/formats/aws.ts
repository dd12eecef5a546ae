import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { addOnce, at, child, children, domainOf, ipOf, numberOf, portOf, textOf } from './values.ts';

/** Deeper than any finding is; what is below stays as it was. */
const DEPTH_LIMIT = 20;

/** The programming interface of AWS writes `UpdatedAt` where its events write `updatedAt`: every key to the second form. */
export function camelKeys(record: JsonObject, depth = DEPTH_LIMIT): JsonObject {
  const renamed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(renamed);
    return isJsonObject(value) && depth > 0 ? camelKeys(value, depth - 1) : value;
  };
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), renamed(value)]),
  );
}

/** The body of an EventBridge event; the record itself when it is none. */
export function eventDetail(record: JsonObject): JsonObject {
  const detail = at(record, 'detail');
  return isJsonObject(detail) && Object.hasOwn(record, 'detail-type') ? detail : record;
}

function remoteIp(action: JsonObject): string | null {
  const remote = child(action, 'remoteIpDetails');
  return ipOf(at(remote, 'ipAddressV4')) ?? ipOf(at(remote, 'ipAddressV6'));
}

/** Outbound, the remote end is where it went to; in every other case it is where it came from. */
function addConnection(alert: NormalisedAlert, connection: JsonObject): void {
  const remote = { ip: remoteIp(connection), port: portOf(at(child(connection, 'remotePortDetails'), 'port')) };
  const localDetails = child(connection, 'localIpDetails');
  const local = {
    ip: ipOf(at(localDetails, 'ipAddressV4')) ?? ipOf(at(localDetails, 'ipAddressV6')),
    port: portOf(at(child(connection, 'localPortDetails'), 'port')),
  };
  const isOutbound = textOf(at(connection, 'connectionDirection'))?.toUpperCase() === 'OUTBOUND';
  const [from, to] = isOutbound ? [local, remote] : [remote, local];
  alert.sourceIp = from.ip;
  alert.sourcePort = from.port;
  alert.destinationIp = to.ip;
  alert.destinationPort = to.port;
}

function setBlocked(alert: NormalisedAlert, action: JsonObject): void {
  const blocked = at(action, 'blocked');
  if (typeof blocked === 'boolean') alert.sourceAction = blocked ? 'blocked' : 'allowed';
}

/** What was done, as GuardDuty (`service.action`) and Security Hub (`Action`) describe it, in keys that start small. */
export function addAwsAction(alert: NormalisedAlert, action: JsonObject): void {
  const connection = child(action, 'networkConnectionAction');
  if (remoteIp(connection) !== null) addConnection(alert, connection);
  for (const probe of children(child(action, 'portProbeAction'), 'portProbeDetails')) {
    if (alert.sourceIp === null) addConnection(alert, probe);
  }
  for (const kind of ['awsApiCallAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction']) {
    const call = child(action, kind);
    alert.sourceIp ??= remoteIp(call);
    const error = textOf(at(call, 'errorCode'));
    if (error !== null) addOnce(alert.tags, `error:${error}`);
    addOnce(alert.domains, domainOf(at(child(call, 'domainDetails'), 'domain')));
    const api = textOf(at(call, 'api'));
    const service = textOf(at(call, 'serviceName'));
    if (api !== null) addOnce(alert.tags, `api:${service === null ? '' : `${service.split('.')[0]}:`}${api}`);
  }
  const request = child(action, 'dnsRequestAction');
  addOnce(alert.domains, domainOf(at(request, 'domain')));
  for (const kind of ['networkConnectionAction', 'portProbeAction', 'dnsRequestAction'])
    setBlocked(alert, child(action, kind));
}

/** A severity of 0 to 10 with decimals, as 0 to 100 without the noise of a binary fraction. */
export function tenfold(value: Json | undefined): number | null {
  const number = numberOf(value);
  return number === null ? null : Math.round(number * 1000) / 100;
}
