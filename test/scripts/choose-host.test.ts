import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChooseOptions, chooseHost, downloadAddress, hasDisplay } from '../../scripts/choose-host.ts';

let root: string;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evenwatch-start-'));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  rmSync(root, { recursive: true, force: true });
});

const options = (more: Partial<ChooseOptions>): ChooseOptions => ({
  root,
  env: { DISPLAY: ':0' },
  platform: 'linux',
  uid: 1000,
  wantsPage: false,
  say: () => {},
  ...more,
});

function installElectron(): string {
  const dist = join(root, 'node_modules', 'electron', 'dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'electron'), '');
  writeFileSync(join(root, 'node_modules', 'electron', 'path.txt'), 'electron');
  return join(dist, 'electron');
}

/** A mirror that takes connections and does with them as it likes. */
function mirror(onConnection: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      onConnection(socket);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`);
    });
  });
}

describe('window or page', () => {
  it('opens the window where the binary and a display are', async () => {
    const electronPath = installElectron();
    expect(await chooseHost(options({}))).toEqual({ kind: 'window', electronPath });
  });

  it.each([
    ['there is no display', { env: {} }],
    ['no window was asked for', { wantsPage: true }],
    ['the window keeps its sandbox, which does not work for the user root', { uid: 0 }],
  ])('serves a page because %s', async (why, more) => {
    installElectron();
    expect(await chooseHost(options(more))).toEqual({ kind: 'page', why });
  });

  it('gives up on a firewall that swallows packets', async () => {
    const address = await mirror(() => {});
    const choice = await chooseHost(options({ env: { DISPLAY: ':0', ELECTRON_MIRROR: address }, probeMs: 300 }));
    expect(choice).toMatchObject({ kind: 'page', why: expect.stringMatching(/could not be reached/) });
  });

  it('gives up on a download that stands still after it was reached', async () => {
    const address = await mirror((socket) =>
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    );
    const folder = join(root, 'node_modules', 'electron');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'install.js'), 'setInterval(() => {}, 1000);');
    const said: string[] = [];
    const choice = await chooseHost(
      options({
        env: { DISPLAY: ':0', ELECTRON_MIRROR: address },
        downloadMs: 300,
        say: (line) => void said.push(line),
      }),
    );
    expect(choice).toEqual({ kind: 'page', why: 'the Electron binary could not be downloaded' });
    expect(said).toEqual(['Downloading the Electron binary, once…']);
  });

  it('opens the window once the binary was downloaded', async () => {
    const address = await mirror((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    );
    const folder = join(root, 'node_modules', 'electron');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'install.js'),
      "const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', ''); fs.writeFileSync(__dirname + '/path.txt', 'electron');",
    );
    const choice = await chooseHost(options({ env: { DISPLAY: ':0', ELECTRON_MIRROR: address } }));
    expect(choice).toEqual({ kind: 'window', electronPath: join(folder, 'dist', 'electron') });
  });

  it('knows where a display can be', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', { SSH_CONNECTION: '1' })).toBe(false);
    expect(hasDisplay('win32', {})).toBe(true);
  });

  it('downloads from the mirror that npm was told of', () => {
    expect(downloadAddress({})).toMatch(/^https:\/\/github\.com\/electron\//);
    expect(downloadAddress({ npm_config_electron_mirror: 'https://mirror.example/' })).toBe('https://mirror.example/');
  });
});
