#!/usr/bin/env node
import { standWhereCalled } from './called-by-npm.ts';
import { runCommandLine } from './run-command-line.ts';
import { processTerminal } from './terminal.ts';

standWhereCalled('evenwatch');
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal(), process.stdin);
