/** "8 h 30 m", "45 m", "11 h": a length of time as people read it, to the minute, rounded down. */
export function durationInWords(durationMs: number): string {
  const minutes = Math.floor(Math.max(0, durationMs) / 60_000);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} m`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} m`;
}
