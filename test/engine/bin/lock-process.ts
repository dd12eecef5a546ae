/** Claims a data folder in a process of its own, says so, and holds it until it is killed or told to let go. */
import { acquireDataLock } from '../../../engine/bin/data-lock.ts';

const [dataDir = '', role = 'hub'] = process.argv.slice(2);
const result = await acquireDataLock(dataDir, role === 'desktop' || role === 'cli' ? role : 'hub', () => Date.now());
process.stdout.write(`${JSON.stringify(result.kind === 'taken' ? result : { kind: 'held', pid: process.pid })}\n`);
if (result.kind === 'held') {
  result.onConnection((socket) => socket.end('hello\n'));
  process.stdin.on('end', () => void result.release().then(() => process.exit(0)));
  process.stdin.resume();
}
