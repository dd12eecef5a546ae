import { isPrivateAddress } from '../../shared/domain/alert/principal-entity.ts';
import { makeEnricher } from '../../shared/domain/enrichment/enricher.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import type { EntityFact } from '../../shared/model/queue.ts';
import { emptyAlert } from '../ingest/formats/draft.ts';
import { listAssets, listIdentities } from '../store/entity-lists.ts';
import { changesSince } from '../store/feed.ts';
import type { Read } from '../store/store.ts';

type Fact = EntityFact['facts'][number];
type Enrich = (alert: NormalisedAlert) => Enrichment;

/** Of each kind; an alert may name thousands, and a person reads a few. */
const SHOWN_MAX = 20;

/** What the lists know of the things that an alert names. Reads the lists again only when they changed. */
export class KnownEntities {
  #enrich: Enrich | null = null;
  #seq = -1;

  async of(db: Read, alert: NormalisedAlert): Promise<EntityFact[]> {
    return entityFacts(alert, await this.#current(db));
  }

  async #current(db: Read): Promise<Enrich> {
    const changes = await changesSince(db, this.#seq, 1_000);
    const isStale =
      this.#enrich === null || changes.kind === 'resync' || changes.rows.some((row) => row.kinds.includes('lists'));
    this.#seq = changes.seq;
    if (!isStale && this.#enrich !== null) return this.#enrich;
    const [assets, identities] = [await listAssets(db), await listIdentities(db)];
    this.#enrich = makeEnricher({ assets, identities, knownExploited: null });
    return this.#enrich;
  }
}

function entityFacts(alert: NormalisedAlert, enrich: Enrich): EntityFact[] {
  const known = (part: Partial<NormalisedAlert>) => enrich({ ...emptyAlert(alert.product), ...part });
  const facts: EntityFact[] = [];
  for (const value of alert.hosts.slice(0, SHOWN_MAX)) {
    facts.push({ kind: 'host', value, role: 'host', facts: machineFacts(known({ hosts: [value] })) });
  }
  for (const value of alert.users.slice(0, SHOWN_MAX)) {
    facts.push({ kind: 'user', value, role: 'account', facts: accountFacts(known({ users: [value] })) });
  }
  const address = (value: string | null, role: string) => {
    if (value === null) return;
    const network = { label: 'Network', value: isPrivateAddress(value) ? 'private' : 'public' };
    facts.push({ kind: 'ip', value, role, facts: [network, ...machineFacts(known({ sourceIp: value }))] });
  };
  address(alert.sourceIp, 'source');
  address(alert.destinationIp, 'destination');
  const { executable } = alert.process;
  if (executable !== null) facts.push({ kind: 'process', value: executable, role: 'process', facts: [] });
  const more = (kind: EntityFact['kind'], values: readonly string[], role: string) => {
    for (const value of values.slice(0, SHOWN_MAX)) facts.push({ kind, value, role, facts: [] });
  };
  more('domain', alert.domains, 'domain');
  more('url', alert.urls, 'address');
  more('hash', [...alert.hashes.sha256, ...alert.hashes.sha1, ...alert.hashes.md5], 'file');
  return facts;
}

function machineFacts(enrichment: Enrichment): Fact[] {
  return [
    { label: 'Criticality', value: enrichment.hostCriticality?.replace('_', ' ') ?? null },
    { label: 'Faces the internet', value: yesOrNo(enrichment.hostInternetFacing) },
    { label: 'Owner', value: enrichment.hostOwner },
  ];
}

function accountFacts(enrichment: Enrichment): Fact[] {
  return [
    { label: 'Tier 0', value: yesOrNo(enrichment.userTier0) },
    { label: 'Criticality', value: enrichment.userCriticality?.replace('_', ' ') ?? null },
  ];
}

function yesOrNo(value: boolean | null): string | null {
  if (value === null) return null;
  return value ? 'yes' : 'no';
}
