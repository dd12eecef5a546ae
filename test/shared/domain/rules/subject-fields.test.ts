import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { addressBytes } from '../../../../shared/domain/rules/subject-fields.ts';

test('an address is read as ipaddr.js reads it', () => {
  const part = fc.constantFrom(
    '0',
    '1',
    '00',
    '01',
    '10',
    '255',
    '256',
    '1000',
    '',
    ' 1',
    '1 ',
    'a',
    '0x1',
    '-1',
    '+1',
    '1e1',
  );
  const fourParts = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  const any = fc.oneof(
    fourParts,
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ maxLength: 20 }),
    fc.constantFrom('::ffff:10.1.2.3', 'fe80::1%eth0', '1.2.3.4\n'),
  );
  fc.assert(
    fc.property(any, (text) => {
      const isAddress = text.includes(':') ? ipaddr.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
      expect(addressBytes(text)).toEqual(isAddress ? ipaddr.process(text).toByteArray() : null);
    }),
    { numRuns: 5000 },
  );
});
