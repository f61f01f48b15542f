// Small preferences of this window, and only those. Storage may be missing or full: then nothing is remembered.

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`commonhold.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`commonhold.${name}`, value);
  } catch {
    // A preference that cannot be kept is not worth a word.
  }
}
