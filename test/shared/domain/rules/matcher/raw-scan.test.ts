import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldAccess } from '../../../../../shared/domain/alert/ecs-fields.ts';
import { Candidates } from '../../../../../shared/domain/rules/matcher/candidates.ts';
import { FieldScan } from '../../../../../shared/domain/rules/matcher/field-scan.ts';
import { RawScan } from '../../../../../shared/domain/rules/matcher/raw-scan.ts';
import type { Json, JsonObject } from '../../../../../shared/model/json.ts';
import { subjectWith } from '../../../../fixtures/rule-subjects.ts';

const key = fc.constantFrom('a', 'a', 'b', 'b', 'a.b', 'b.a', 'a.b.a', '_source', 'x.y', '');
const record: fc.Arbitrary<JsonObject> = fc.letrec<{ object: JsonObject; node: Json }>((tie) => ({
  object: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(1, 'text', null, true),
    tie('object'),
    fc.array(tie('node'), { maxLength: 2 }),
  ),
})).object;
const event = fc.dictionary(
  fc.constantFrom('A', 'a', 'TargetFilename', 'targetFilename'),
  fc.constantFrom('x', 1, null),
);
const windows: fc.Arbitrary<JsonObject> = fc.oneof(
  event.map((eventdata): JsonObject => ({ data: { win: { eventdata, system: { eventID: '1' } } }, a: 1 })),
  event.map((event_data): JsonObject => ({ winlog: { event_data } })),
);
const document = fc.oneof(
  { weight: 3, arbitrary: record },
  windows,
  windows.map((source): JsonObject => ({ _source: source })),
);
const path = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', '_source', ''), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('.')),
  },
  fc.constantFrom('A', 'file.path', 'event.code'),
);

test('every path that has a value is found by the walk', () => {
  let present = 0;
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 6 }), document, (paths, raw) => {
      const subject = subjectWith({}, {}, raw);
      const accesses = paths.map((each) => fieldAccess(`raw.${each}`));
      const scans = accesses.flatMap((access, rule): [string, FieldScan][] => {
        if (access === null) return [];
        const scan = new FieldScan(`raw.${paths[rule]}`, access, [{ sign: { kind: 'present' }, rule }]);
        return [[paths[rule] ?? '', scan]];
      });
      const candidates = new Candidates(paths.length);
      candidates.clear();
      new RawScan(scans).run(subject, candidates);
      const found = Array.from({ length: candidates.count }, (_, at) => candidates.at(at)).sort((a, b) => a - b);
      const expected = accesses.flatMap((access, rule) =>
        access?.kind === 'many' && access.read(subject).length > 0 ? [rule] : [],
      );
      present += expected.length;
      expect(found).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
  expect(present).toBeGreaterThan(200);
});
