import { describe, expect, test } from 'vitest';
import { entityScopeOf } from '../../../../shared/domain/rules/entity-scope.ts';
import { ruleOf } from '../../../fixtures/rule-subjects.ts';

const scopeOf = (detection: string) => entityScopeOf(ruleOf(detection).detection);
const many = (n: number) => `[${Array.from({ length: n }, (_, i) => `host-${i}`).join(', ')}]`;

describe('a rule about named things', () => {
  test.each([
    ['a host', '  s:\n    host.name: web-1\n  condition: s\n', 'one named value of host.name'],
    ['a host under another name', '  s:\n    host.hostname: web-1\n  condition: s\n', 'one named value of host.name'],
    ['two accounts', '  s:\n    user.name: [a, b]\n    rule.id: x\n  condition: s\n', '2 named values of user.name'],
    [
      'an address or another',
      '  s:\n    source.ip: 10.0.0.1\n  t:\n    source.ip: 10.0.0.2\n  condition: s or t\n',
      '2 named',
    ],
    ['twenty hosts', `  s:\n    host.name: ${many(20)}\n  condition: s\n`, '20 named'],
    ['many hosts and one account', `  s:\n    host.name: ${many(21)}\n    user.name: a\n  condition: s\n`, 'user.name'],
    [
      'a host but for something',
      '  s:\n    host.name: web-1\n  t:\n    user.name: b\n  condition: s and not t\n',
      'host.name',
    ],
  ])('names %s', (_name, detection, why) => {
    const scope = scopeOf(detection);
    expect(scope.isScoped, scope.why).toBe(true);
    expect(scope.why).toContain(why);
  });

  test.each([
    ['none', '  s:\n    rule.id: x\n  condition: s\n', 'names none'],
    ['a pattern', '  s:\n    host.name: web-*\n  condition: s\n', 'names none'],
    ['a beginning', '  s:\n    host.name|startswith: web\n  condition: s\n', 'names none'],
    ['a network', '  s:\n    source.ip|cidr: 10.0.0.0/30\n  condition: s\n', 'names none'],
    ['a list that may grow', "  s:\n    source.ip|expand: '%scanners%'\n  condition: s\n", 'names none'],
    ['what it is not', '  s:\n    host.name: web-1\n  condition: not s\n', 'names none'],
    ['a way around it', '  s:\n    host.name: web-1\n  t:\n    rule.id: x\n  condition: s or t\n', 'names none'],
    ['too many', `  s:\n    host.name: ${many(21)}\n  condition: s\n`, '21 values of host.name, and 20 are the most'],
  ])('does not name %s', (_name, detection, why) => {
    const scope = scopeOf(detection);
    expect(scope.isScoped).toBe(false);
    expect(scope.why).toContain(why);
  });
});
