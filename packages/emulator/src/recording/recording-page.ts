import { buildPage } from '../page-file.ts';
import type { Recording } from './recording.ts';

/** The page that shows a recording: one file, also offline. */
export async function recordingPage(recording: Recording): Promise<string> {
  return fillRecording(await buildPage(), recording);
}

/** The same where nothing can be waited for. @param page of `buildPage()` */
export function fillRecording(page: string, recording: Recording): string {
  return fillPage(page, 'recording', recording);
}

/** The page that shows a run as it goes on. `token` permits its actions. */
export async function livePage(live: { readonly token: string }): Promise<string> {
  return fillPage(await buildPage(), 'live', live);
}

/** Puts data into the element of that id, which is empty. */
function fillPage(page: string, id: 'recording' | 'live', data: unknown): string {
  const element = new RegExp(`(<script[^>]*\\bid="?${id}"?[^>]*>)(</script>)`);
  // In JSON, `<` can only be in a string: escaped, nothing can end the element.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  // A function: in a string, `$` would have a meaning.
  return page.replace(element, (_, start, end) => `${start}${json}${end}`);
}
