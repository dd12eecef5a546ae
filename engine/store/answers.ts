import type { Read, Write } from './store.ts';

export async function keptAnswer(
  db: Read,
  actor: string,
  commandId: string,
): Promise<{ digest: string; answerJson: string } | null> {
  const row = await db
    .selectFrom('command_answer')
    .select(['digest', 'answer_json'])
    .where('actor', '=', actor)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row === undefined ? null : { digest: row.digest, answerJson: row.answer_json };
}

export async function keepAnswer(
  tx: Write,
  answer: { actor: string; commandId: string; digest: string; answerJson: string; atMs: number },
): Promise<void> {
  await tx
    .insertInto('command_answer')
    .values({
      actor: answer.actor,
      command_id: answer.commandId,
      digest: answer.digest,
      answer_json: answer.answerJson,
      at_ms: answer.atMs,
    })
    .execute();
}
