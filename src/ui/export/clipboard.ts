// A text to the clipboard. On plain http browsers have no `navigator.clipboard`; there a copy is answered as if a person had asked
// for it, which works as long as the browser still counts the press that led here.

/** Throws when the browser does not let it. */
export async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', put, true);
  const isDone = document.execCommand('copy');
  removeEventListener('copy', put, true);
  if (!isDone) throw new Error('the browser did not copy');
}
