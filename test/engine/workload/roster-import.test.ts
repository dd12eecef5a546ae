import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialsOf, readPeople, readRota } from '../../../engine/workload/roster-import.ts';
import { readRotaTime } from '../../../engine/workload/rota-time.ts';
import { EngineError } from '../../../shared/model/errors.ts';

describe('people from CSV', () => {
  test('in the order of their lines, with what is left out filled in', () => {
    const text = [
      'Name,ID,Tier,Roles,Skills,Item limit',
      'Zoe Ort,zoe,tier2,analyst;lead,cloud|linux,8',
      '"Ruiz, Ana María",ana.ruiz,Tier 1,,,',
      'Dee Lee,dee,lead,,,',
    ].join('\r\n');
    expect(readPeople(`\uFEFF${text}`)).toEqual({
      problems: [],
      values: [
        {
          id: 'zoe',
          name: 'Zoe Ort',
          initials: 'ZO',
          tier: 'tier2',
          roles: ['analyst', 'lead'],
          skills: ['cloud', 'linux'],
          itemLimit: 8,
        },
        {
          id: 'ana.ruiz',
          name: 'Ruiz, Ana María',
          initials: 'RM',
          tier: 'tier1',
          roles: ['analyst'],
          skills: [],
          itemLimit: 12,
        },
        { id: 'dee', name: 'Dee Lee', initials: 'DL', tier: 'lead', roles: ['lead'], skills: [], itemLimit: 12 },
      ],
    });
  });

  test('with the separators of other spreadsheets', () => {
    expect(readPeople('id;name;tier;roles\nana;Ruiz, Ana;tier1;lead|admin').values).toMatchObject([
      { id: 'ana', name: 'Ruiz, Ana', roles: ['lead', 'admin'] },
    ]);
    expect(readPeople('id\tname\ttier\nana\tAna\ttier1').values).toHaveLength(1);
  });

  test('says by line what cannot be read, and reads the rest', () => {
    const text = [
      'id,name,tier,roles,item_limit,phone',
      'ana,Ana,tier1,,,1',
      '',
      'ben,,tier1,,,2',
      'cho,Cho,tier9,,,3',
      'dee,Dee,lead,boss,,4',
      'eve,Eve,tier1,,many,5',
      'ana,Ana again,tier1,,,6',
      'me,Me,tier1,,,7',
    ].join('\n');
    const { values, problems } = readPeople(text);
    expect(values.map((person) => person.id)).toEqual(['ana']);
    expect(problems.map((problem) => problem.line)).toEqual([1, 4, 5, 6, 7, 8, 9]);
    expect(problems[0]?.message).toContain('“phone”');
    expect(problems[2]?.message).toBe('“tier9” is no tier. Use tier1, tier2, tier3, lead.');
    expect(problems[3]?.message).toBe('“boss” is no role. Use analyst, lead, admin, auditor.');
  });

  test.each([
    ['', 'empty'],
    ['id,name\nana,Ana', '“tier”'],
    ['id,name,tier\n"ana,Ana,tier1', 'Line'],
  ])('refuses what is no such table: %j', (text, word) => {
    expect(() => readPeople(text)).toThrow(EngineError);
    expect(() => readPeople(text)).toThrow(word);
  });

  test('never throws anything else, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (noise) => {
        try {
          readPeople(`id,name,tier\n${noise}`);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
  });

  test.each([
    ['Ana María Ruiz', 'AR'],
    ['Cher', 'C'],
    ['李 小龙', '李小'],
  ])('initials of %s are %s', (name, expected) => {
    expect(initialsOf(name)).toBe(expected);
  });
});

const TEAM = [
  { id: 'ana', name: 'Ana Ruiz' },
  { id: 'ben', name: 'Ben Ito' },
];

describe('a rota from CSV', () => {
  test('with offsets, zones, names and kinds', () => {
    const text = [
      'person,starts,ends,kind,zone',
      'ana,2026-11-21T08:00+01:00,2026-11-21T16:00+01:00,,',
      'ben ito,2026-11-21 22:00,2026-11-22 06:00,on-call,Europe/Madrid',
      'ana,2026-11-23T00:00Z,2026-11-30T00:00Z,leave,',
    ].join('\n');
    expect(readRota(text, TEAM)).toEqual({
      problems: [],
      values: [
        { personId: 'ana', kind: 'shift', startsAtMs: Date.UTC(2026, 10, 21, 7), endsAtMs: Date.UTC(2026, 10, 21, 15) },
        {
          personId: 'ben',
          kind: 'on_call',
          startsAtMs: Date.UTC(2026, 10, 21, 21),
          endsAtMs: Date.UTC(2026, 10, 22, 5),
        },
        { personId: 'ana', kind: 'leave', startsAtMs: Date.UTC(2026, 10, 23), endsAtMs: Date.UTC(2026, 10, 30) },
      ],
    });
  });

  test('a night shift over the change of the clocks is 7 or 9 hours long', () => {
    const text = [
      'person,starts,ends,zone',
      'ana,2026-03-28T22:00,2026-03-29T06:00,Europe/Madrid',
      'ana,2026-10-24T22:00,2026-10-25T06:00,Europe/Madrid',
    ].join('\n');
    const hours = readRota(text, TEAM).values.map((duty) => (duty.endsAtMs - duty.startsAtMs) / 3_600_000);
    expect(hours).toEqual([7, 9]);
  });

  test.each([
    ['cho,2026-11-21T08:00Z,2026-11-21T16:00Z,,', 'nobody of the team'],
    ['ana,tomorrow,2026-11-21T16:00Z,,', '“tomorrow” is no time'],
    ['ana,2026-11-21T08:00,2026-11-21T16:00Z,,', 'names no zone'],
    ['ana,2026-11-21T08:00,2026-11-21T16:00,,Mars/Base', 'is no time zone'],
    ['ana,2026-03-29T02:30,2026-03-29T10:00,,Europe/Madrid', 'does not exist'],
    ['ana,2026-02-30T08:00Z,2026-11-21T16:00Z,,', 'no date'],
    ['ana,2026-11-21T16:00Z,2026-11-21T08:00Z,,', 'ends before'],
    ['ana,2026-11-21T08:00Z,2026-11-23T08:00Z,,', 'more than 24 hours'],
    ['ana,2026-11-21T08:00Z,2026-11-21T16:00Z,party,', 'no kind of duty'],
  ])('%s: %s', (line, message) => {
    const { values, problems } = readRota(`person,starts,ends,kind,zone\n${line}`, TEAM);
    expect(values).toEqual([]);
    expect(problems).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });
});

test('every wall-clock time that a zone shows comes back as itself', () => {
  const zones = ['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2015, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 }),
      (zone, minute) => {
        const atMs = minute * 60_000;
        const wall = new Date(atMs).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16);
        const read = readRotaTime(wall, zone);
        // A time that the clocks show twice is read as the earlier of the two.
        expect('atMs' in read && (read.atMs === atMs || (read.atMs < atMs && atMs - read.atMs <= 3_600_000))).toBe(
          true,
        );
      },
    ),
  );
});
