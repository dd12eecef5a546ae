/** Who may import whom. `test/architecture/directions.test.ts` runs this and fails when it saw too little. */
const NODE_LIBRARIES = '(^|/)node_modules/(better-sqlite3|pg|pino|ws|kysely|csv-parse)/';
const DOMAIN_LIBRARIES = '(^|/)node_modules/(zod|yaml|re2js|ipaddr\\.js|canonicalize)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'Rules of the field import the models and pure libraries, so that every host computes the same.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: ['^shared/(domain|model)/', DOMAIN_LIBRARIES] },
    },
    {
      name: 'shared-runs-anywhere',
      comment: 'shared/ knows no host: no engine, no renderer, no Node, no DOM library.',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        path: ['^(engine|renderer|electron|scripts|test)/', '(^|/)node_modules/(electron|react|react-dom|@mantine)/'],
      },
    },
    {
      name: 'shared-without-node',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-knows-no-host',
      comment: 'The engine is a plain Node library: no Electron, no React, no renderer.',
      severity: 'error',
      from: { path: '^engine/' },
      to: {
        path: [
          '^(renderer|electron|scripts|test)/',
          '(^|/)node_modules/(electron|react|react-dom|@mantine|@tanstack|recharts|zustand)/',
        ],
      },
    },
    {
      name: 'renderer-knows-only-the-contract',
      comment: 'The renderer reaches the engine through the contract; it cannot import it, nor Electron.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/vite\\.config\\.ts$' },
      to: { path: ['^(engine|electron|scripts|test)/', '(^|/)node_modules/electron/', NODE_LIBRARIES] },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/vite\\.config\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-is-thin',
      comment: 'Only the engine process composes the engine; main and preload know the contract at most.',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/engine-process/' },
      to: { path: ['^engine/', '^renderer/'] },
    },
    {
      name: 'nothing-imports-electron',
      severity: 'error',
      from: { path: '^(shared|engine|renderer|scripts)/' },
      to: { path: ['^electron/'] },
    },
    {
      name: 'one-place-knows-the-host',
      comment: 'The transports of the renderer are picked in client/pick.ts and nowhere else.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/client/pick\\.ts$' },
      to: { path: '^renderer/client/(port|socket)-channel\\.ts$' },
    },
    {
      name: 'sql-libraries-in-the-store',
      comment: "Who needs a table asks the store for it. Types of a query are the store's own.",
      severity: 'error',
      from: { path: '^(engine|electron|shared|renderer)/', pathNot: ['^engine/store/', '^engine/bin/commands/bench'] },
      to: { path: ['(^|/)node_modules/(better-sqlite3|pg|@types/pg|@types/better-sqlite3)/'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^(shared|engine|renderer|electron)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: { path: '^(shared|engine|renderer|electron|scripts)/' },
      to: { couldNotResolve: true, pathNot: ['^virtual:', '\\?(url|raw|worker|nodeModule|modulePath)$'] },
    },
  ],
  options: {
    // dependency-cruiser cannot read TypeScript 7 by itself: it would see no module and report no violation.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css', '.d.ts'],
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
