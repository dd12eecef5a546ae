import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import type { SettingsOf, SourceSettings } from '../../../shared/model/source.ts';
import type { SourceChoices } from './source-words.ts';
import classes from './sources.module.css';

interface FieldsProps<S extends SourceSettings> {
  settings: S;
  choices: SourceChoices;
  onChange: (settings: S) => void;
}

/** The fields that belong to one kind of source. */
export function SettingsFields({ settings, choices, onChange }: FieldsProps<SourceSettings>) {
  switch (settings.kind) {
    case 'file':
      return <FileFields settings={settings} choices={choices} onChange={onChange} />;
    case 'folder':
      return <FolderFields settings={settings} choices={choices} onChange={onChange} />;
    case 'syslog':
      return <SyslogFields settings={settings} choices={choices} onChange={onChange} />;
    case 'http':
      return <ListenFields settings={settings} choices={choices} onChange={onChange} />;
    case 'elasticsearch':
      return <ElasticsearchFields settings={settings} choices={choices} onChange={onChange} />;
  }
}

function foldersWords({ folders }: SourceChoices): string {
  return `Below ${folders.join(' or ')}. On the machine itself more can be allowed: npm run -s evenwatch -- sources allow FOLDER`;
}

function FileFields({ settings, choices, onChange }: FieldsProps<SettingsOf<'file'>>) {
  return (
    <>
      <TextInput
        label="File"
        description={foldersWords(choices)}
        className={classes.wide}
        value={settings.path}
        onChange={(event) => onChange({ ...settings, path: event.currentTarget.value })}
      />
      <Checkbox
        label="Take in what is in it already"
        className={classes.wide}
        checked={settings.fromStart}
        onChange={(event) => onChange({ ...settings, fromStart: event.currentTarget.checked })}
      />
    </>
  );
}

function FolderFields({ settings, choices, onChange }: FieldsProps<SettingsOf<'folder'>>) {
  return (
    <>
      <TextInput
        label="Folder"
        description={foldersWords(choices)}
        className={classes.wide}
        value={settings.path}
        onChange={(event) => onChange({ ...settings, path: event.currentTarget.value })}
      />
      <TextInput
        label="Names of files to take"
        description="With * and ?, such as *.json.gz"
        value={settings.pattern}
        onChange={(event) => onChange({ ...settings, pattern: event.currentTarget.value })}
      />
    </>
  );
}

function SyslogFields({ settings, choices, onChange }: FieldsProps<SettingsOf<'syslog'>>) {
  return (
    <>
      <Select
        label="Transport"
        description="UDP loses what nobody can hold; TCP and TLS make senders wait"
        data={[
          { value: 'udp', label: 'UDP' },
          { value: 'tcp', label: 'TCP' },
          { value: 'tls', label: 'TLS' },
        ]}
        value={settings.transport}
        onChange={(value) => {
          const transport = value === 'udp' || value === 'tls' ? value : 'tcp';
          const [first = ''] = choices.tlsFiles;
          const tls =
            transport === 'tls' ? (settings.tls ?? { certFile: first, keyFile: first, clientCaFile: null }) : null;
          onChange({ ...settings, transport, tls });
        }}
        allowDeselect={false}
      />
      <AddressFields settings={settings} onChange={onChange} />
      {settings.tls === null ? null : <TlsFields settings={settings} choices={choices} onChange={onChange} />}
    </>
  );
}

function ListenFields({ settings, choices, onChange }: FieldsProps<SettingsOf<'http'>>) {
  return (
    <>
      <AddressFields settings={settings} onChange={onChange} />
      <Checkbox
        label="With TLS"
        className={classes.wide}
        checked={settings.tls !== null}
        onChange={(event) => {
          const [first = ''] = choices.tlsFiles;
          const tls = event.currentTarget.checked ? { certFile: first, keyFile: first, clientCaFile: null } : null;
          onChange({ ...settings, tls });
        }}
      />
      {settings.tls === null ? null : <TlsFields settings={settings} choices={choices} onChange={onChange} />}
    </>
  );
}

type Listening = SettingsOf<'syslog'> | SettingsOf<'http'>;

function AddressFields<S extends Listening>({ settings, onChange }: Pick<FieldsProps<S>, 'settings' | 'onChange'>) {
  return (
    <>
      <TextInput
        label="Listen on"
        description="127.0.0.1 for this machine alone, 0.0.0.0 for the network"
        value={settings.host}
        onChange={(event) => onChange({ ...settings, host: event.currentTarget.value })}
      />
      <NumberInput
        label="Port"
        description="0 takes one that is free"
        min={0}
        max={65_535}
        allowDecimal={false}
        hideControls
        value={settings.port}
        onChange={(value) => onChange({ ...settings, port: Number(value) })}
      />
    </>
  );
}

function TlsFields<S extends Listening>({ settings, choices, onChange }: FieldsProps<S>) {
  const { tls } = settings;
  if (tls === null) return null;
  const files = choices.tlsFiles.map((name) => ({ value: name, label: name }));
  const field = (
    label: string,
    value: string | null,
    set: (value: string | null) => typeof tls,
    canBeEmpty = false,
  ) => (
    <Select
      label={label}
      description="From the folder tls of the workspace"
      data={files}
      value={value}
      placeholder={files.length === 0 ? 'The folder is empty' : undefined}
      onChange={(chosen) => onChange({ ...settings, tls: set(chosen) })}
      clearable={canBeEmpty}
    />
  );
  return (
    <>
      {field('Certificate', tls.certFile, (value) => ({ ...tls, certFile: value ?? '' }))}
      {field('Key', tls.keyFile, (value) => ({ ...tls, keyFile: value ?? '' }))}
      {field('Authority of senders', tls.clientCaFile, (value) => ({ ...tls, clientCaFile: value }), true)}
    </>
  );
}

function ElasticsearchFields({ settings, choices, onChange }: FieldsProps<SettingsOf<'elasticsearch'>>) {
  return (
    <>
      <TextInput
        label="Address"
        value={settings.url}
        onChange={(event) => onChange({ ...settings, url: event.currentTarget.value })}
      />
      <TextInput
        label="Index, alias or pattern"
        value={settings.index}
        onChange={(event) => onChange({ ...settings, index: event.currentTarget.value })}
      />
      <TextInput
        label="Field with the time"
        value={settings.timestampField}
        onChange={(event) => onChange({ ...settings, timestampField: event.currentTarget.value })}
      />
      <NumberInput
        label="Ask every so many seconds"
        min={1}
        max={86_400}
        allowDecimal={false}
        value={settings.everySeconds}
        onChange={(value) => onChange({ ...settings, everySeconds: Number(value) })}
      />
      <Select
        label="Sign in with"
        data={[
          { value: 'api_key', label: 'API key' },
          { value: 'basic', label: 'Name and password' },
          { value: 'none', label: 'Nothing' },
        ]}
        value={settings.auth}
        onChange={(value) => onChange({ ...settings, auth: value === 'basic' || value === 'none' ? value : 'api_key' })}
        allowDeselect={false}
      />
      {settings.auth === 'basic' ? (
        <TextInput
          label="Name"
          value={settings.login ?? ''}
          onChange={(event) => onChange({ ...settings, login: event.currentTarget.value || null })}
        />
      ) : null}
      <Select
        label="Authority to trust"
        description="From the folder tls of the workspace; empty trusts what the system trusts"
        data={choices.tlsFiles.map((name) => ({ value: name, label: name }))}
        value={settings.caFile}
        onChange={(caFile) => onChange({ ...settings, caFile })}
        clearable
      />
      <Textarea
        label="Query"
        description="Query DSL as JSON; empty takes everything"
        className={classes.wide}
        autosize
        minRows={2}
        maxRows={10}
        value={settings.query}
        onChange={(event) => onChange({ ...settings, query: event.currentTarget.value })}
      />
    </>
  );
}
