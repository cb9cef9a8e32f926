import type { Recording } from './recording.ts';

/** What a live page needs to act. */
interface Live {
  readonly token: string;
}

/**
 * Puts data into the page, which has an empty element for a recording and one for a live run.
 *
 * @param page the built page
 */
export function fillPage(
  page: string,
  data: { readonly recording: Recording } | { readonly live: Live },
): string {
  const [[id = '', value] = []] = Object.entries(data);
  const element = new RegExp(`(<script[^>]*\\bid="?${id}"?[^>]*>)(</script>)`);
  // A function: in a string, `$` has a meaning.
  return page.replace(element, (_, start, end) => `${start}${toScript(value)}${end}`);
}

/** JSON that cannot end its element, whatever is in it. */
const toScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
