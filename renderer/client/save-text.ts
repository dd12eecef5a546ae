/** Lets the person save a text of our own as a file. Never for what alerts carry: that is shown and not saved. */
export function saveText(fileName: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken hold of the content once the click is handled.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
