/** The id of a row's element: the list names the active row by it, and forms hang on it. */
export function rowElementId(id: number): string {
  return `queue-row-${id}`;
}
