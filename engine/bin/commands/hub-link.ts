import type { Command } from '../command.ts';

export const hubLinkCommand: Command = {
  name: 'hub link',
  usage: '',
  summary: 'A new link into the server that runs on this data folder',
  flags: { person: { value: 'ID', help: 'whose link it is; needed where people are known by their own links' } },
  async run({ args, engine }) {
    const local = await engine();
    const link = await local.mintLink(args.text('person') ?? null);
    return { json: { link }, text: `${link}\n`, isOk: true };
  },
};
