import type { JsonObject } from '../../../shared/model/json.ts';

/** Cloud products in their true shapes. Names, addresses and texts are our own; a new object each time. */
export function guarddutyFinding(): JsonObject {
  return {
    schemaVersion: '2.0',
    accountId: '210987654321',
    region: 'eu-west-1',
    partition: 'aws',
    id: '8ac1f0d2b3e44c55a6b7c8d9e0f10203',
    arn: 'arn:aws:guardduty:eu-west-1:210987654321:detector/12abc/finding/8ac1f0d2b3e44c55a6b7c8d9e0f10203',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    resource: {
      resourceType: 'Instance',
      instanceDetails: {
        instanceId: 'i-0aa11bb22cc33dd44',
        networkInterfaces: [{ privateIpAddress: '10.40.1.9', publicIp: '198.51.100.77' }],
        tags: [{ key: 'Name', value: 'build-agent-3' }],
      },
    },
    service: {
      serviceName: 'guardduty',
      detectorId: '12abc',
      action: {
        actionType: 'PORT_PROBE',
        portProbeAction: {
          blocked: false,
          portProbeDetails: [
            {
              localPortDetails: { port: 22, portName: 'SSH' },
              localIpDetails: { ipAddressV4: '10.40.1.9' },
              remoteIpDetails: { ipAddressV4: '203.0.113.200', country: { countryName: 'Nowhere' } },
            },
          ],
        },
      },
      resourceRole: 'TARGET',
      additionalInfo: {},
      eventFirstSeen: '2026-11-02T05:00:00Z',
      eventLastSeen: '2026-11-02T06:10:00Z',
      archived: false,
      count: 4,
    },
    severity: 8.2,
    createdAt: '2026-11-02T05:05:00.123Z',
    updatedAt: '2026-11-02T06:15:00.000Z',
    title: 'An unprotected port on i-0aa11bb22cc33dd44 is being probed.',
    description: 'An unprotected SSH port is being probed by a known malicious host.',
  };
}

export function eventBridge(detail: JsonObject): JsonObject {
  return {
    version: '0',
    id: 'c8e4a3b0-0000-4000-8000-000000000001',
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: '210987654321',
    time: '1970-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  };
}

export function asffFinding(): JsonObject {
  return {
    SchemaVersion: '2018-10-08',
    Id: 'arn:aws:inspector:eu-west-1:210987654321:finding/7',
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/macie',
    ProductName: 'Macie',
    GeneratorId: 'aws/macie',
    AwsAccountId: '210987654321',
    Types: ['TTPs/Initial Access/Trusted Relationship'],
    CreatedAt: '2026-11-02T04:00:00.000Z',
    UpdatedAt: '2026-11-02T04:30:00.000Z',
    LastObservedAt: '2026-11-02T04:20:00Z',
    Severity: { Label: 'HIGH', Normalized: 75 },
    Title: 'Bucket read through an account of another company',
    Description: 'A partner account listed and read objects. See CVE-2026-10001.',
    Network: { SourceIpV4: '203.0.113.9', SourcePort: 50123, DestinationDomain: 'Files.Example.test' },
    Malware: [{ Name: 'Lumen.A', Path: '/tmp/l' }],
    ThreatIntelIndicators: [
      { Type: 'HASH_SHA256', Value: 'b'.repeat(64) },
      { Type: 'URL', Value: 'https://drop.example.test/a' },
    ],
    Resources: [
      { Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::finance-exports', Partition: 'aws' },
      { Type: 'AwsIamAccessKey', Id: 'AKIAEXAMPLE', Details: { AwsIamAccessKey: { UserName: 'partner-sync' } } },
    ],
    RecordState: 'ACTIVE',
    Workflow: { Status: 'NEW' },
    WorkflowState: 'NEW',
  };
}

export function graphAlert(): JsonObject {
  const odata = (type: string): string => `#microsoft.graph.security.${type}`;
  return {
    '@odata.type': odata('alert'),
    id: 'da637551227677560813_-961444813',
    providerAlertId: 'da637551227677560813_-961444813',
    incidentId: '2890',
    status: 'inProgress',
    severity: 'high',
    classification: 'truePositive',
    determination: 'unknown',
    serviceSource: 'microsoftDefenderForEndpoint',
    detectionSource: 'antivirus',
    detectorId: 'e0da400f-affd-43ef-b1d5-afc2eb6f2756',
    title: 'Suspicious execution of a hidden file',
    description: 'A hidden file has been launched.\n',
    recommendedActions: 'Collect artifacts\nand scope',
    category: 'DefenseEvasion',
    assignedTo: null,
    createdDateTime: '2026-11-02T06:00:04.3511432Z',
    firstActivityDateTime: '2026-11-02T05:58:26.0700000Z',
    lastActivityDateTime: '2026-11-02T05:59:36.9851432Z',
    mitreTechniques: ['T1564.001'],
    evidence: [
      { '@odata.type': odata('deviceEvidence'), deviceDnsName: 'ws-omar-02.corp.example', verdict: 'unknown' },
      {
        '@odata.type': odata('userEvidence'),
        userAccount: { accountName: 'omar', domainName: 'CORP', userPrincipalName: null },
      },
      {
        '@odata.type': odata('processEvidence'),
        processCommandLine: '"Hidden.exe" /quiet',
        imageFile: { fileName: 'Hidden.exe', filePath: 'C:\\Temp', sha256: 'C'.repeat(64), sha1: null },
        parentProcessImageFile: { fileName: 'explorer.exe', filePath: 'C:\\Windows\\' },
      },
      { '@odata.type': odata('ipEvidence'), ipAddress: '203.0.113.40' },
      { '@odata.type': odata('urlEvidence'), url: 'https://Get.Example.test/h' },
      null,
    ],
  };
}

export function huntingRecord(table: string, properties: JsonObject): JsonObject {
  return {
    time: '2026-11-02T06:30:00.1234567Z',
    tenantId: '00000000-0000-4000-8000-00000000abcd',
    operationName: 'Publish',
    category: `AdvancedHunting-${table}`,
    properties,
  };
}

export function huntingAlert(): JsonObject {
  return huntingRecord('AlertInfo', {
    AlertId: 'da11223344_1',
    Timestamp: '2026-11-02T06:29:00.7654321Z',
    Title: 'Suspicious use of rundll32',
    Category: 'Execution',
    Severity: 'Medium',
    ServiceSource: 'Microsoft Defender for Endpoint',
    DetectionSource: 'EDR',
    AttackTechniques: '["System Binary Proxy Execution (T1218)","Rundll32 (T1218.011)"]',
  });
}

export function sentinelAlert(): JsonObject {
  return {
    TenantId: '00000000-0000-4000-8000-00000000abcd',
    SystemAlertId: '5f1f3a7e-0000-4000-8000-000000000042',
    ProviderAlertId: 'repeats',
    TimeGenerated: '2026-11-02 07:05:00',
    StartTimeUtc: '2026-11-02 06:55:10',
    AlertName: 'Shadow copies deleted',
    AlertDisplayName: 'Shadow copies deleted',
    AlertType: 'VM_ShadowCopies',
    Description: 'A tool removed all shadow copies.',
    Severity: 'High',
    ProviderName: 'Detection',
    Tactics: 'Impact, Defense Evasion',
    Techniques: '["T1490"]',
    IsIncident: 'False',
    CompromisedEntity: 'FS-LEE-01',
    ExtendedProperties: '{"Suspicious Command Line":"vssadmin delete shadows /all","ActionTaken":"Blocked"}',
    Entities: JSON.stringify([
      { $id: '3', HostName: 'FS-LEE-01', Type: 'host' },
      { $id: '4', Name: 'lee', NTDomain: 'CORP', Host: { $ref: '3' }, Type: 'account' },
      { $id: '5', Directory: 'C:\\Windows\\System32', Name: 'cmd.exe', Type: 'file' },
      { $id: '6', Directory: 'c:\\windows\\system32', Name: 'vssadmin.exe', Type: 'file' },
      { $id: '7', CommandLine: '', ImageFile: { $ref: '5' }, Type: 'process' },
      {
        $id: '8',
        CommandLine: 'vssadmin delete shadows /all',
        ImageFile: { $ref: '6' },
        ParentProcess: { $ref: '7' },
        Type: 'process',
      },
      { $id: '9', Address: '10.20.4.90', Type: 'ip' },
    ]),
  };
}

/** An alert of Defender for Endpoint's own interface. */
export function endpointAlert(): JsonObject {
  return {
    id: 'da638_-4242',
    incidentId: 40,
    severity: 'High',
    status: 'New',
    detectionSource: 'WindowsDefenderAtp',
    detectorId: '2b7f9c10',
    category: 'CredentialAccess',
    title: 'Memory of a service was read',
    description: 'A process read the memory of the service that keeps passwords.',
    alertCreationTime: '2026-11-02T07:11:40.25Z',
    lastEventTime: '2026-11-02T07:11:02Z',
    machineId: '9f5f0c1e2d3b4a59687786950413223140516273',
    computerDnsName: 'srv-log-02.corp.example',
    relatedUser: { userName: 'eva', domainName: 'CORP' },
    mitreTechniques: ['T1003.001'],
    evidence: [
      {
        entityType: 'Process',
        sha256: 'c'.repeat(64),
        fileName: 'reader.exe',
        filePath: 'C:\\Users\\eva',
        processCommandLine: 'reader.exe -o out.bin',
      },
    ],
  };
}
