/** One picture of the guide: which screen, who sits before it, and a text that stands there once it has been read. */
export interface Shot {
  name: string;
  screen: string;
  person: string;
  ready: string;
  /** A button that is pressed first. */
  press?: string;
}

const ANALYST = 'Abena Owusu';
const SENIOR = 'Sanne Postma';
const LEAD = 'Elif Yılmaz';

/** Every picture of the guide. Each is taken in light and dark. */
export const SHOTS: readonly Shot[] = [
  { name: 'queue', screen: 'queue', person: ANALYST, ready: 'Show how' },
  { name: 'detail', screen: 'queue', person: ANALYST, ready: 'Show how', press: 'Show how' },
  { name: 'automation', screen: 'automation', person: LEAD, ready: 'What rules closed, and why' },
  { name: 'team', screen: 'team', person: LEAD, ready: 'Who holds what' },
  { name: 'my-watch', screen: 'my-watch', person: ANALYST, ready: 'My duties' },
  { name: 'escalations', screen: 'escalations', person: SENIOR, ready: 'To my tier' },
  { name: 'sources', screen: 'sources', person: ANALYST, ready: 'Last files and uploads' },
];
