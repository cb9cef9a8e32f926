import type { Recording } from '../../src/recording/recording.ts';

/** What the server has written into the page: a recording, or how to reach it. */
export function embedded(document: Document): { recording?: Recording; live?: { token: string } } {
  const recording = read(document, 'recording') as Recording | undefined;
  const live = read(document, 'live') as { token: string } | undefined;
  return { ...(recording && { recording }), ...(live && { live }) };
}

function read(document: Document, id: string): unknown {
  const text = document.getElementById(id)?.textContent?.trim() ?? '';
  return text === '' ? undefined : JSON.parse(text);
}
