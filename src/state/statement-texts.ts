// The text of each statement that this page has sent, by its request: what events say of a statement is the request alone.

const most = 200;
const texts = new Map<string, string>();

export function rememberStatement(request: string, text: string): void {
  texts.delete(request);
  texts.set(request, text);
  for (const oldest of texts.keys()) {
    if (texts.size <= most) return;
    texts.delete(oldest);
  }
}

export const statementText = (request: string): string | undefined => texts.get(request);
