/** One picture of the guide: which screen, who sits before it, and a text that stands there once it has been read. */
export interface Shot {
  name: string;
  screen: string;
  person: string;
  ready: string;
  /** A workspace of one's own with a live source in place of the sample, and what of it is looked at. */
  live?: 'source' | 'letter';
  /** A button that is pressed first, or the first link of this name. */
  press?: string;
  pressLink?: string;
  /** A text that stands there after that. */
  afterwards?: string;
}

const ANALYST = 'Abena Owusu';
const SENIOR = 'Sanne Postma';
const LEAD = 'Elif Yılmaz';
/** Who has the workspace of their own that live sources are shown in. */
export const OWNER = LEAD;

/** Every picture of the guide. Each is taken in light and dark. */
export const SHOTS: readonly Shot[] = [
  { name: 'queue', screen: 'queue', person: ANALYST, ready: 'Show how' },
  { name: 'detail', screen: 'queue', person: ANALYST, ready: 'Show how', press: 'Show how' },
  { name: 'automation', screen: 'automation', person: LEAD, ready: 'What rules closed, and why' },
  {
    name: 'rule-editor',
    screen: 'automation',
    person: LEAD,
    ready: 'Noise',
    pressLink: 'Draft a rule from it',
    afterwards: 'Matched',
  },
  { name: 'assurance', screen: 'assurance', person: LEAD, ready: 'Rules that close' },
  {
    name: 'audit',
    screen: 'assurance',
    person: SENIOR,
    ready: 'Rules that close',
    press: 'Take the next audit',
    afterwards: 'What is it, by what stands here?',
  },
  { name: 'team', screen: 'team', person: LEAD, ready: 'Who holds what' },
  { name: 'my-watch', screen: 'my-watch', person: ANALYST, ready: 'My duties' },
  { name: 'escalations', screen: 'escalations', person: SENIOR, ready: 'To my tier' },
  { name: 'sources', screen: 'sources', person: ANALYST, ready: 'Last files and uploads' },
  { name: 'live-sources', screen: 'sources', person: OWNER, ready: 'Last files and uploads', live: 'source' },
  { name: 'dead-letters', screen: 'sources', person: OWNER, ready: 'Last files and uploads', live: 'letter' },
];
