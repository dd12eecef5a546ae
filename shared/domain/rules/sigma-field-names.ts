import { isFieldName } from '../alert/ecs-fields.ts';

/** Where a community rule looks, as its author said it. */
export interface SigmaLogsource {
  product: string | null;
  category: string | null;
  service: string | null;
}

interface NameGroup {
  /** Where both sides of these mappings are written down. */
  source: string;
  /** Log sources that name their fields so. */
  holdsFor: (logsource: SigmaLogsource) => boolean;
  names: Readonly<Record<string, string>>;
}

const isEndpoint = ({ product, category }: SigmaLogsource): boolean =>
  product === 'windows' ||
  product === 'linux' ||
  product === 'macos' ||
  (product === null &&
    category !== null &&
    /^(process|file|registry|image|driver|network_connection|dns_query|create|pipe)/.test(category));
const isWeb = ({ category }: SigmaLogsource): boolean => category === 'proxy' || category === 'webserver';
const isTraffic = ({ category, product }: SigmaLogsource): boolean =>
  category === 'firewall' ||
  category === 'dns' ||
  category === 'network' ||
  isWeb({ category, product, service: null });
const isZeek = ({ product }: SigmaLogsource): boolean => product === 'zeek';
const isStart = ({ category }: SigmaLogsource): boolean => category === 'process_creation';
const isLoad = ({ category }: SigmaLogsource): boolean => category === 'image_load' || category === 'driver_load';
const isSecurityLog = ({ product, service }: SigmaLogsource): boolean =>
  product === 'windows' && service === 'security';

/**
 * Names of Sigma's taxonomy (appendix 2.1) and the field of an alert that says the same. What an alert has no field for
 * is looked up in its original under the name of the Elastic Common Schema (ECS 9.1), as `raw.<name>`: records of
 * products that write ECS have it there. The first group that holds for the log source decides.
 */
const NAME_GROUPS: readonly NameGroup[] = [
  {
    source: 'Sysmon events of the taxonomy; Sysmon pipeline of Elastic Agent to ECS (process, file, registry, dns)',
    holdsFor: isEndpoint,
    names: {
      Image: 'process.executable',
      CommandLine: 'process.command_line',
      ParentImage: 'process.parent.executable',
      ParentCommandLine: 'raw.process.parent.command_line',
      CurrentDirectory: 'raw.process.working_directory',
      ProcessId: 'raw.process.pid',
      ParentProcessId: 'raw.process.parent.pid',
      ProcessGuid: 'raw.process.entity_id',
      ParentProcessGuid: 'raw.process.parent.entity_id',
      md5: 'file.hash.md5',
      sha1: 'file.hash.sha1',
      sha256: 'file.hash.sha256',
      User: 'user.name',
      Computer: 'host.name',
      ComputerName: 'host.name',
      TargetFilename: 'raw.file.path',
      ImageLoaded: 'raw.dll.path',
      TargetObject: 'raw.registry.path',
      Details: 'raw.registry.data.strings',
      PipeName: 'raw.file.name',
      QueryName: 'url.domain',
      SourceIp: 'source.ip',
      SourcePort: 'source.port',
      SourceHostname: 'raw.source.domain',
      DestinationIp: 'destination.ip',
      DestinationPort: 'destination.port',
      DestinationHostname: 'url.domain',
      Protocol: 'raw.network.transport',
      EventID: 'raw.event.code',
      Provider_Name: 'raw.event.provider',
      Channel: 'raw.winlog.channel',
      ScriptBlockText: 'raw.powershell.file.script_block_text',
    },
  },
  {
    source: 'Sysmon event 1 of the taxonomy (version information of a program); ECS process.pe',
    holdsFor: isStart,
    names: {
      OriginalFileName: 'raw.process.pe.original_file_name',
      Company: 'raw.process.pe.company',
      Description: 'raw.process.pe.description',
      Product: 'raw.process.pe.product',
      FileVersion: 'raw.process.pe.file_version',
      imphash: 'raw.process.pe.imphash',
    },
  },
  {
    source: 'Sysmon events 6 and 7 of the taxonomy (version information of a library or driver); ECS dll.pe',
    holdsFor: isLoad,
    names: {
      OriginalFileName: 'raw.dll.pe.original_file_name',
      Company: 'raw.dll.pe.company',
      Description: 'raw.dll.pe.description',
      Product: 'raw.dll.pe.product',
      FileVersion: 'raw.dll.pe.file_version',
      imphash: 'raw.dll.pe.imphash',
    },
  },
  {
    source: 'Windows security auditing events (4624, 4688, 5156); security pipeline of Winlogbeat to ECS',
    holdsFor: isSecurityLog,
    names: {
      NewProcessName: 'process.executable',
      ProcessCommandLine: 'process.command_line',
      ParentProcessName: 'process.parent.executable',
      IpAddress: 'source.ip',
      IpPort: 'source.port',
      WorkstationName: 'raw.source.domain',
    },
  },
  {
    source: 'W3C extended log file names of the taxonomy (proxy, webserver); ECS url, http, user_agent, source, user',
    holdsFor: isWeb,
    names: {
      'c-uri': 'url.full',
      'cs-uri': 'url.full',
      'c-uri-query': 'raw.url.query',
      'cs-uri-query': 'raw.url.query',
      'c-uri-stem': 'raw.url.path',
      'cs-uri-stem': 'raw.url.path',
      'c-uri-extension': 'raw.url.extension',
      'cs-host': 'url.domain',
      'r-dns': 'url.domain',
      'c-useragent': 'raw.user_agent.original',
      'cs-user-agent': 'raw.user_agent.original',
      'cs-method': 'raw.http.request.method',
      'cs-referrer': 'raw.http.request.referrer',
      'cs-referer': 'raw.http.request.referrer',
      'cs-version': 'raw.http.version',
      'sc-status': 'raw.http.response.status_code',
      'cs-username': 'user.name',
      'c-ip': 'source.ip',
      's-ip': 'destination.ip',
      's-port': 'destination.port',
      's-computername': 'host.name',
    },
  },
  {
    source: 'firewall, proxy and dns names of the taxonomy; ECS source, destination, dns, user',
    holdsFor: isTraffic,
    names: {
      src_ip: 'source.ip',
      src_port: 'source.port',
      dst_ip: 'destination.ip',
      dst_port: 'destination.port',
      username: 'user.name',
      query: 'url.domain',
      record_type: 'raw.dns.question.type',
      answer: 'raw.dns.answers.data',
    },
  },
  {
    source: 'Zeek logs (conn.log, dns.log, http.log); Zeek package of Elastic Agent to ECS',
    holdsFor: isZeek,
    names: {
      'id.orig_h': 'source.ip',
      'id.orig_p': 'source.port',
      'id.resp_h': 'destination.ip',
      'id.resp_p': 'destination.port',
      query: 'url.domain',
      host: 'url.domain',
    },
  },
];

/** What a field of a community rule becomes. `isKnown` is false when it is looked for in the original as it is called. */
export interface MappedName {
  field: string;
  isKnown: boolean;
}

/** The field of ours that says the same as a name of Sigma's taxonomy in this log source. */
export function ruleFieldOf(name: string, logsource: SigmaLogsource): MappedName {
  for (const { holdsFor, names } of NAME_GROUPS) {
    if (!holdsFor(logsource)) continue;
    const field = Object.hasOwn(names, name) ? names[name] : undefined;
    if (field !== undefined) return { field, isKnown: true };
  }
  // The taxonomy's network category, and rules that people wrote for ECS, use its names already.
  if (isFieldName(name)) return { field: name, isKnown: true };
  return { field: `raw.${name}`, isKnown: false };
}

/** The whole table, for documents and tests: every name with its field and where both are written down. */
export const SIGMA_FIELD_NAMES: readonly { name: string; field: string; source: string }[] = NAME_GROUPS.flatMap(
  ({ source, names }) => Object.entries(names).map(([name, field]) => ({ name, field, source })),
);
