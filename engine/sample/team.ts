import type { Tier } from '../../shared/model/vocabulary.ts';

export interface Member {
  id: string;
  name: string;
  tier: Tier;
  roles: readonly string[];
  skills: readonly string[];
  itemLimit: number;
}

function member(
  id: string,
  name: string,
  tier: Tier,
  skills: readonly string[],
  itemLimit: number,
  roles: readonly string[] = ['analyst'],
): Member {
  return { id, name, tier, skills, itemLimit, roles };
}

/** The security team of the sample company, in roster order. */
export const TEAM: readonly Member[] = [
  member('elif.yilmaz', 'Elif Yılmaz', 'lead', ['incident command', 'windows'], 6, ['analyst', 'lead', 'admin']),
  member('priya.menon', 'Priya Menon', 'tier3', ['detection engineering', 'malware', 'forensics'], 6, [
    'analyst',
    'lead',
  ]),
  member('kenji.sato', 'Kenji Sato', 'tier3', ['network', 'cloud', 'forensics'], 6),
  member('sanne.postma', 'Sanne Postma', 'tier2', ['windows', 'identity', 'malware'], 8),
  member('yusuf.haddad', 'Yusuf Haddad', 'tier2', ['network', 'linux'], 8),
  member('camila.rojas', 'Camila Rojas', 'tier2', ['cloud', 'ai'], 8),
  member('oksana.melnyk', 'Oksana Melnyk', 'tier2', ['email', 'malware'], 8),
  member('abena.owusu', 'Abena Owusu', 'tier1', ['windows', 'email'], 10),
  member('mateo.quispe', 'Mateo Quispe', 'tier1', ['network'], 10),
  member('nadia.alhassan', 'نادية الحسن', 'tier1', ['email', 'cloud'], 10),
  member('katarzyna.sikora', 'Katarzyna Sikora', 'tier1', ['windows'], 10),
  member('tiago.barros', 'Tiago Barros', 'tier1', ['linux', 'network'], 10),
  member('linh.tran', 'Linh Tran', 'tier1', ['email'], 10),
  member('rasmus.holm', 'Rasmus Holm', 'tier1', ['windows', 'cloud'], 10),
];

export const LEAD = 'elif.yilmaz';

export function peopleCsv(): string {
  const rows = TEAM.map((each) =>
    [each.id, each.name, each.tier, each.roles.join(';'), each.skills.join(';'), String(each.itemLimit)].join(','),
  );
  return `${['id,name,tier,roles,skills,item_limit', ...rows].join('\n')}\n`;
}
