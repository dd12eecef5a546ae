/** How people call the command line: it is a script of the package, and no program of its own in their `PATH`. */
export const EVENWATCH = 'npm run -s evenwatch --';

/**
 * npm runs a script in the folder of the package. Paths that a person typed are meant from where they stood, also
 * where they called it as `npm --prefix FOLDER run`.
 */
export function standWhereCalled(script: string, env: NodeJS.ProcessEnv = process.env): void {
  if (env.npm_lifecycle_event === script && env.INIT_CWD) process.chdir(env.INIT_CWD);
}
