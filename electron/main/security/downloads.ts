import type { Session } from 'electron';

/** Nothing is downloaded from anywhere: exports are saved through the engine, alert content never is (checklist 26). */
export function denyDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
