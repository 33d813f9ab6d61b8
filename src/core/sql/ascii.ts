// Case of the letters of ASCII, the only ones that change theirs: what collation C does, and the same on every machine.

export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => {
    let out = '';
    for (let i = 0; i < run.length; i++) out += String.fromCharCode(run.charCodeAt(i) + 32);
    return out;
  });
}

export function asciiUpper(text: string): string {
  return text.replace(/[a-z]+/g, (run) => {
    let out = '';
    for (let i = 0; i < run.length; i++) out += String.fromCharCode(run.charCodeAt(i) - 32);
    return out;
  });
}
